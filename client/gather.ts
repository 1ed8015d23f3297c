export interface Pace {
  /** Milliseconds without a further call after which the batch is complete. */
  readonly quiet: number;
  /** Milliseconds after the first call at which it is complete in any case. */
  readonly cap: number;
}

/** How long before its end a batch is prepared for: some milliseconds until a server has answered. */
const AHEAD_MS = 10;

interface GatherCalls {
  /** At the first call of a batch. */
  readonly pace: () => Pace;
  /** When it seems to be complete, 10 ms before it is; once, also if it goes on. */
  readonly prepare: () => void;
  /** When it is complete. */
  readonly flush: () => void;
}

/** Gathers calls into batches; the pace is chosen at the first call of each. */
export class Gather {
  readonly #calls: GatherCalls;
  #ahead: ReturnType<typeof setTimeout> | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #cap: ReturnType<typeof setTimeout> | undefined;
  #current: Pace = { quiet: 0, cap: 0 };
  #isPrepared = false;

  constructor(calls: GatherCalls) {
    this.#calls = calls;
  }

  add(): void {
    if (this.#cap === undefined) {
      this.#current = this.#calls.pace();
      this.#isPrepared = false;
      this.#cap = setTimeout(this.#end, this.#current.cap);
    }
    const { quiet } = this.#current;
    clearTimeout(this.#ahead);
    clearTimeout(this.#quiet);
    if (!this.#isPrepared) this.#ahead = setTimeout(this.#prepare, quiet - AHEAD_MS);
    this.#quiet = setTimeout(this.#end, quiet);
  }

  #prepare = (): void => {
    this.#isPrepared = true;
    this.#calls.prepare();
  };

  #end = (): void => {
    clearTimeout(this.#ahead);
    clearTimeout(this.#quiet);
    clearTimeout(this.#cap);
    this.#cap = undefined;
    this.#calls.flush();
  };
}
