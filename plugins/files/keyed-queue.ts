/**
 * Runs one kind of work on many keys: a few at a time, one at a time per key. A key added while
 * its work runs is worked on once more afterwards.
 */
export class KeyedQueue {
  readonly #work: (key: string) => Promise<void>;
  readonly #concurrency: number;
  readonly #pending = new Set<string>();
  readonly #running = new Set<string>();
  #idle: (() => void)[] = [];
  #closed = false;

  /** @param work must not reject */
  constructor(work: (key: string) => Promise<void>, concurrency: number) {
    this.#work = work;
    this.#concurrency = concurrency;
  }

  add(key: string): void {
    if (this.#closed) return;
    this.#pending.add(key);
    this.#pump();
  }

  /** Resolves as soon as nothing waits and nothing runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#pump();
    });
  }

  /** Drops what waits; resolves when what runs has ended. */
  close(): Promise<void> {
    this.#closed = true;
    this.#pending.clear();
    return this.idle();
  }

  #pump(): void {
    for (const key of this.#pending) {
      if (this.#running.size >= this.#concurrency) return;
      if (this.#running.has(key)) continue;
      this.#pending.delete(key);
      this.#running.add(key);
      void this.#work(key).finally(() => {
        this.#running.delete(key);
        this.#pump();
      });
    }
    if (this.#running.size > 0 || this.#pending.size > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
