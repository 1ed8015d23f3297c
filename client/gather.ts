export interface Pace {
  /** Milliseconds without a further call after which the batch is complete. */
  readonly quiet: number;
  /** Milliseconds after the first call at which it is complete in any case. */
  readonly cap: number;
}

/** Gathers calls into batches; the pace is chosen at the first call of each. */
export class Gather {
  readonly #pace: () => Pace;
  readonly #flush: () => void;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #cap: ReturnType<typeof setTimeout> | undefined;
  #current: Pace = { quiet: 0, cap: 0 };

  constructor(pace: () => Pace, flush: () => void) {
    this.#pace = pace;
    this.#flush = flush;
  }

  add(): void {
    if (this.#cap === undefined) {
      this.#current = this.#pace();
      this.#cap = setTimeout(this.#end, this.#current.cap);
    }
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(this.#end, this.#current.quiet);
  }

  #end = (): void => {
    clearTimeout(this.#quiet);
    clearTimeout(this.#cap);
    this.#cap = undefined;
    this.#flush();
  };
}
