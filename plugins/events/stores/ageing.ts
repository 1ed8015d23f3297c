const MAX_DELAY = 2 ** 31 - 1;
const STEPS = 8;

/**
 * Looks at names when they are due, late by an eighth of `maxAge` at most. Names that are due at
 * about the same time share a bucket, and all share one timer, which keeps no process alive.
 */
export class Ageing {
  readonly #width: number;
  readonly #now: () => number;
  readonly #look: (name: string) => void;
  readonly #buckets = new Map<number, string[]>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  /** `look` is called once for each `watch`; a name to be looked at again has to be watched again. */
  constructor(maxAge: number, now: () => number, look: (name: string) => void) {
    this.#width = Math.max(1, maxAge / STEPS);
    this.#now = now;
    this.#look = look;
  }

  watch(name: string, dueAt: number): void {
    if (dueAt === Number.POSITIVE_INFINITY) return;
    const bucket = Math.ceil(dueAt / this.#width);
    const names = this.#buckets.get(bucket);
    if (names) names.push(name);
    else this.#buckets.set(bucket, [name]);
    if (bucket * this.#width < this.#timerAt) this.#schedule(bucket * this.#width);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#buckets.clear();
  }

  #schedule(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    const delay = Math.min(MAX_DELAY, Math.max(1, Math.ceil(at - this.#now())));
    this.#timer = setTimeout(() => this.#sweep(), delay).unref();
  }

  #sweep(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = this.#now();
    const due = [...this.#buckets].filter(([bucket]) => bucket * this.#width <= now);
    for (const [bucket] of due) this.#buckets.delete(bucket);
    for (const [, names] of due) for (const name of names) this.#look(name);
    const next = Math.min(...this.#buckets.keys()) * this.#width;
    if (next < this.#timerAt) this.#schedule(next);
  }
}
