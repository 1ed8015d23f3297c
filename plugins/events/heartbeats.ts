/** What has to show from time to time that it lives. */
export interface Living {
  heartbeat(): void;
}

/** So many are sent in one turn: about two milliseconds. */
const SHARE = 256;

/** Heartbeats of many, in shares spread over the interval: ten thousand at once take a tenth of a second. */
export class Heartbeats {
  readonly #all: ReadonlyMap<Living, unknown>;
  readonly #interval: number;
  readonly #timer: NodeJS.Timeout;
  #next: NodeJS.Timeout | undefined;

  constructor(all: ReadonlyMap<Living, unknown>, interval: number) {
    this.#all = all;
    this.#interval = interval;
    this.#timer = setInterval(() => this.#beat(), interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#next);
  }

  #beat(): void {
    clearTimeout(this.#next);
    const living = this.#all.keys();
    const pause = this.#interval / Math.max(1, Math.ceil(this.#all.size / SHARE));
    const beatShare = () => {
      for (let n = 0; n < SHARE; n += 1) {
        const { done, value } = living.next();
        if (done) return;
        value.heartbeat();
      }
      this.#next = setTimeout(() => setImmediate(beatShare), pause).unref();
    };
    // In the next turn: what has come while this process stood still is read before.
    setImmediate(beatShare);
  }
}
