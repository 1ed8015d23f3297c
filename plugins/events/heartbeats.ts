/** What has to show from time to time that it lives. */
export interface Living {
  heartbeat(): void;
}

/** So many are sent in one turn: about two milliseconds. */
const SHARE = 256;

/** So much of the interval they are spread over: a slow machine needs the rest. */
const SPREAD = 0.8;

/** Heartbeats of many, in shares spread over the interval: ten thousand at once take a tenth of a second. */
export class Heartbeats {
  readonly #all: ReadonlyMap<Living, unknown>;
  readonly #interval: number;
  readonly #timer: NodeJS.Timeout;
  /** Those whose turn has not come yet in this interval. */
  #left: Iterator<Living> | undefined;
  /** Whether the next interval has begun meanwhile. */
  #isLate = false;
  #next: NodeJS.Timeout | undefined;

  constructor(all: ReadonlyMap<Living, unknown>, interval: number) {
    this.#all = all;
    this.#interval = interval;
    this.#timer = setInterval(() => this.#begin(), interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#next);
    this.#left = undefined;
    this.#isLate = false;
  }

  #begin(): void {
    // On a slow machine some have not had their turn: they come first.
    this.#isLate = this.#left !== undefined;
    if (this.#isLate) return;
    this.#left = this.#all.keys();
    const pause = (SPREAD * this.#interval) / Math.max(1, Math.ceil(this.#all.size / SHARE));
    // In the next turn: what has come while this process stood still is read before.
    setImmediate(() => this.#beat(pause));
  }

  #beat(pause: number): void {
    for (let n = 0; n < SHARE; n += 1) {
      const next = this.#left?.next();
      if (!next || next.done) {
        this.#left = undefined;
        if (this.#isLate) this.#begin();
        return;
      }
      next.value.heartbeat();
    }
    this.#next = setTimeout(() => setImmediate(() => this.#beat(pause)), pause).unref();
  }
}
