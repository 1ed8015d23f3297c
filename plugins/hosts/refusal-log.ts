const REMEMBERED_NAMES = 100;
const PAUSE_MS = 1000;

/**
 * Decides which refusals are worth a line: each name once, and at most one line a second, so that
 * a hostile client can fill neither the terminal nor the memory.
 */
export class RefusalLog {
  readonly #names = new Set<string>();
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param now - Milliseconds of a monotonic clock. */
  isNews(name: string, now: number): boolean {
    if (now - this.#lastAt < PAUSE_MS || this.#names.has(name)) return false;
    if (this.#names.size >= REMEMBERED_NAMES) this.#names.clear();
    this.#names.add(name);
    this.#lastAt = now;
    return true;
  }
}
