const PRESENT_MS = 1000;
const ABSENT_MS = { first: 5, last: 100 };

/**
 * Asks now and then how the root is, since nothing tells when a folder above it moves or a link
 * to it is changed: once a second, and soon and often while it is gone.
 */
export class Pulse {
  readonly #beat: () => void;
  #timer: NodeJS.Timeout | undefined;
  #absentMs = 0;

  constructor(beat: () => void) {
    this.#beat = beat;
  }

  /** Sets the time of the next beat by what was found at this one. */
  next(present: boolean): void {
    const { first, last } = ABSENT_MS;
    this.#absentMs = present ? 0 : Math.min(last, Math.max(first, this.#absentMs * 2));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#beat, this.#absentMs || PRESENT_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
