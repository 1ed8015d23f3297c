import { Slice } from './slice.ts';

/**
 * Runs one kind of work on many keys: a few at a time, one at a time per key. A key added while
 * its work runs is worked on once more afterwards. Work that never waits does not hold up the event
 * loop, however much of it there is.
 */
export class KeyedQueue {
  readonly #work: (key: string) => Promise<void>;
  readonly #concurrency: number;
  /** Each key with the round it belongs to: a new one begins when someone waits for the rest. */
  readonly #pending = new Map<string, number>();
  /** The pending keys as they came, from `#next` on: a Map is slow to take its first ones from. */
  #order: string[] = [];
  #next = 0;
  /** Pending keys whose turn has come while their work ran. */
  readonly #held = new Set<string>();
  readonly #running = new Map<string, number>();
  readonly #slice = new Slice(() => this.#pump());
  #round = 0;
  /** How many keys of earlier rounds are pending or running. */
  #earlier = 0;
  #idle: (() => void)[] = [];
  #settling: (() => void)[] = [];
  #settleNext: (() => void)[] = [];
  #closed = false;

  /** @param work must not reject */
  constructor(work: (key: string) => Promise<void>, concurrency: number) {
    this.#work = work;
    this.#concurrency = concurrency;
  }

  /** @param cause the running key whose work came upon this one */
  add(key: string, cause?: string): void {
    if (this.#closed) return;
    const round = (cause === undefined ? undefined : this.#running.get(cause)) ?? this.#round;
    const waiting = this.#pending.get(key);
    if (waiting === undefined || round < waiting) {
      if (waiting === undefined) this.#order.push(key);
      this.#pending.set(key, round);
      if (round < this.#round) this.#earlier++;
    }
    this.#pump();
  }

  /** Resolves as soon as nothing waits and nothing runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#pump();
    });
  }

  /**
   * Resolves when all that waits or runs now is done, and all that was caused by it; what else is
   * added meanwhile is not waited for, so this comes to an end where `idle` may not.
   */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#settleNext.push(resolve);
      this.#settle();
    });
  }

  /** Drops what waits; resolves when what runs has ended. */
  close(): Promise<void> {
    this.#closed = true;
    for (const round of this.#pending.values()) if (round < this.#round) this.#earlier--;
    this.#pending.clear();
    this.#held.clear();
    this.#order = [];
    this.#next = 0;
    this.#settle();
    return this.idle();
  }

  #pump(): void {
    while (this.#running.size < this.#concurrency && this.#next < this.#order.length) {
      if (this.#slice.isOver()) return;
      const key = this.#take();
      if (this.#running.has(key)) this.#held.add(key);
      else this.#run(key);
    }
    if (this.#running.size > 0 || this.#pending.size > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #run(key: string): void {
    const round = this.#pending.get(key) ?? this.#round;
    this.#pending.delete(key);
    this.#running.set(key, round);
    void this.#work(key).finally(() => {
      this.#running.delete(key);
      if (this.#held.delete(key)) this.#order.push(key);
      if (round < this.#round) this.#earlier--;
      this.#settle();
      this.#pump();
    });
  }

  #take(): string {
    const key = this.#order[this.#next] ?? '';
    this.#next += 1;
    if (this.#next * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#next);
      this.#next = 0;
    }
    return key;
  }

  #settle(): void {
    while (this.#earlier === 0 && this.#settling.length + this.#settleNext.length > 0) {
      for (const resolve of this.#settling) resolve();
      this.#settling = this.#settleNext;
      this.#settleNext = [];
      this.#round++;
      this.#earlier = this.#pending.size + this.#running.size;
    }
  }
}
