/** What has to show from time to time that it lives. */
export interface Living {
  heartbeat(): void;
}

/** So many are sent in one turn: about two milliseconds where each takes 30 µs. */
const SHARE = 64;

/** So much of the interval they are spread over: a slow machine needs the rest. */
const SPREAD = 0.8;

/** Heartbeats of many, in shares spread over the interval: ten thousand at once take a tenth of a second. */
export class Heartbeats {
  readonly #all: ReadonlyMap<Living, unknown>;
  readonly #interval: number;
  readonly #timer: NodeJS.Timeout;
  /** Those whose turn has not come yet, while there are any. */
  #left: Iterator<Living, undefined> | undefined;
  /** So many are left: who has come since the first of them is one of the next interval. */
  #count = 0;
  /** Milliseconds between two shares. */
  #pause = 0;
  /** Whether they are sent in more than one share. */
  #isSplit = false;
  /** Whether another interval has begun meanwhile. */
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
    this.#count = 0;
    this.#isSplit = false;
    this.#isLate = false;
  }

  #begin(): void {
    // On a slow machine some have not had their turn: they come first.
    this.#isLate = this.#left !== undefined;
    if (this.#isLate) return;
    this.#left = this.#all.keys();
    this.#count = this.#all.size;
    const shares = Math.ceil(this.#count / SHARE);
    this.#isSplit = shares > 1;
    this.#pause = (SPREAD * this.#interval) / Math.max(1, shares);
    // In the next turn: what has come while this process stood still is read before.
    setImmediate(() => this.#beat());
  }

  #beat(): void {
    try {
      for (let n = 0; n < SHARE && this.#count > 0; n += 1) {
        this.#count -= 1;
        this.#left?.next().value?.heartbeat();
      }
    } catch (error) {
      // It crashes the app, as anywhere else; where it does not, the others have theirs.
      setImmediate(() => this.#beat());
      throw error;
    }
    if (this.#count > 0) this.#after(() => this.#beat());
    // Who had theirs in the last share may be in the first one next time.
    else if (this.#isSplit) this.#after(() => this.#end());
    else this.#end();
  }

  #end(): void {
    this.#left = undefined;
    if (this.#isLate) this.#begin();
  }

  #after(next: () => void): void {
    this.#next = setTimeout(() => setImmediate(next), this.#pause).unref();
  }
}
