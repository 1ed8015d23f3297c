import type { KeyedQueue } from './keyed-queue.ts';

// The kernel queues 16384 events by default and drops the rest without a word.
const FLOOD = 4096;

/** What the system has reported and nobody has looked at yet. */
export class Hints {
  readonly #looks: KeyedQueue;
  readonly #paths = new Set<string>();
  #count = 0;

  constructor(looks: KeyedQueue) {
    this.#looks = looks;
  }

  /** Something may have happened to the file at this path: it is looked at. */
  add(path: string): void {
    this.#paths.add(path);
    this.#looks.add(path);
  }

  /** Something was reported, whether it matters or not. */
  count(): void {
    this.#count++;
  }

  /** Whether there was a hint to this path, which is taken now. */
  take(path: string): boolean {
    return this.#paths.delete(path);
  }

  /** Whether so many have come since the last time that some may be lost. */
  takeFlood(): boolean {
    const isFlood = this.#count > FLOOD;
    this.#count = 0;
    return isFlood;
  }
}
