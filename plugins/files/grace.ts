import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Time to change one's mind, per key: editors empty, remove and re-make a file within one save,
 * and none of these steps is worth announcing.
 */
export class Grace {
  readonly #periodMs: number;
  readonly #settled: () => Promise<void>;
  readonly #onOver: (key: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #over = new Set<string>();

  /** @param settled when what may change one's mind and is known at the period's end is seen */
  constructor(periodMs: number, settled: () => Promise<void>, onOver: (key: string) => void) {
    this.#periodMs = periodMs;
    this.#settled = settled;
    this.#onOver = onOver;
  }

  /** Whether the key's time has run out; the first question starts it. */
  isOver(key: string): boolean {
    if (this.#over.has(key)) return true;
    if (!this.#timers.has(key)) this.#start(key);
    return false;
  }

  end(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#over.delete(key);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #start(key: string): void {
    const timer = setTimeout(async () => {
      // After a stall, timers are served before what the system has reported meanwhile.
      await nextTurn();
      await this.#settled();
      if (this.#timers.get(key) !== timer) return;
      this.#timers.delete(key);
      this.#over.add(key);
      this.#onOver(key);
    }, this.#periodMs);
    this.#timers.set(key, timer.unref());
  }
}
