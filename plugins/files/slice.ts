const SLICE_MS = 2;

/** The time that work may take of one turn of the event loop before it lets others have theirs. */
export class Slice {
  readonly #resume: () => void;
  #start: number | undefined;
  #isOver = false;

  /** @param resume called in a later turn, once the time of one was over */
  constructor(resume: () => void) {
    this.#resume = resume;
  }

  /** Whether to stop; the first question in a turn starts the time, so each turn gets on. */
  isOver(): boolean {
    if (this.#start === undefined) {
      this.#start = performance.now();
      setImmediate(() => this.#turn());
      return false;
    }
    this.#isOver ||= performance.now() - this.#start > SLICE_MS;
    return this.#isOver;
  }

  #turn(): void {
    const wasOver = this.#isOver;
    this.#start = undefined;
    this.#isOver = false;
    if (wasOver) this.#resume();
  }
}
