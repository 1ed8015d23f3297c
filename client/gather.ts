export interface Pace {
  /** Milliseconds without a further call after which the batch is complete. */
  readonly quiet: number;
  /** Milliseconds after the first call at which it is complete in any case. */
  readonly cap: number;
}

/** How long before its end a batch is prepared for: some milliseconds until a server has answered. */
const AHEAD_MS = 10;

/** Gathers calls into batches; the pace is chosen at the first call of each. */
export class Gather {
  readonly #pace: () => Pace;
  readonly #prepare: () => void;
  readonly #flush: () => void;
  #ahead: ReturnType<typeof setTimeout> | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #cap: ReturnType<typeof setTimeout> | undefined;
  #current: Pace = { quiet: 0, cap: 0 };

  /**
   * @param prepare called 10 ms before a batch is complete, as it seems; again if it then is not
   * @param flush called when it is; at the cap, it may be unprepared
   */
  constructor(pace: () => Pace, prepare: () => void, flush: () => void) {
    this.#pace = pace;
    this.#prepare = prepare;
    this.#flush = flush;
  }

  add(): void {
    if (this.#cap === undefined) {
      this.#current = this.#pace();
      this.#cap = setTimeout(this.#end, this.#current.cap);
    }
    const { quiet } = this.#current;
    clearTimeout(this.#ahead);
    clearTimeout(this.#quiet);
    this.#ahead = setTimeout(this.#prepare, quiet - AHEAD_MS);
    this.#quiet = setTimeout(this.#end, quiet);
  }

  #end = (): void => {
    clearTimeout(this.#ahead);
    clearTimeout(this.#quiet);
    clearTimeout(this.#cap);
    this.#cap = undefined;
    this.#flush();
  };
}
