interface Waiting<Result> {
  /** Whether each of those who wait for it has left. */
  readonly askers: (() => boolean)[];
  readonly result: Promise<Result | undefined>;
}

/**
 * Runs a few tasks at a time, each key once at a time. Who asks for a key that waits shares its run;
 * one that runs already may have read what has changed since, so that key is run once more.
 */
export class SharedTasks<Result> {
  readonly #limit: number;
  readonly #waiting = new Map<string, Waiting<Result>>();
  readonly #begin = new Map<string, () => void>();
  readonly #running = new Set<string>();

  /** @param limit tasks that run at one time */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Resolves to what `work` does, or to undefined where all who asked have left before it began.
   *
   * @param hasLeft whether the result is of no use any more: for good, once it is so
   * @param work is given the same of all who asked; what it rejects with, all are told
   */
  run(
    key: string,
    hasLeft: () => boolean,
    work: (isUnwanted: () => boolean) => Promise<Result>,
  ): Promise<Result | undefined> {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.askers.push(hasLeft);
      return waiting.result;
    }
    const askers = [hasLeft];
    const isUnwanted = () => {
      while (askers.at(-1)?.()) askers.pop();
      return askers.length === 0;
    };
    const result = this.#runInTurn(key, isUnwanted, work);
    this.#waiting.set(key, { askers, result });
    this.#beginNext();
    return result;
  }

  async #runInTurn(
    key: string,
    isUnwanted: () => boolean,
    work: (isUnwanted: () => boolean) => Promise<Result>,
  ): Promise<Result | undefined> {
    await new Promise<void>((begin) => this.#begin.set(key, begin));
    // From here on what it reads may be older than what the next one asks for.
    this.#waiting.delete(key);
    try {
      return isUnwanted() ? undefined : await work(isUnwanted);
    } finally {
      this.#running.delete(key);
      this.#beginNext();
    }
  }

  #beginNext(): void {
    for (const [key, begin] of this.#begin) {
      if (this.#running.size >= this.#limit) return;
      if (this.#running.has(key)) continue;
      this.#running.add(key);
      this.#begin.delete(key);
      begin();
    }
  }
}
