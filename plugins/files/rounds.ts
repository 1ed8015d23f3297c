/** Looks at many paths now and then, for no more than a part of the time. */
export class Rounds {
  readonly #share: number;
  readonly #settled: () => Promise<void>;
  #isBusy = false;
  #notBefore = 0;

  /** @param settled when what is being looked at has been seen, with all that it leads to */
  constructor(share: number, settled: () => Promise<void>) {
    this.#share = share;
    this.#settled = settled;
  }

  /** @returns whether all were looked at: not if the last time was too short ago for their number */
  async walk(paths: readonly string[], look: (path: string) => void): Promise<boolean> {
    const start = performance.now();
    if (this.#isBusy || paths.length === 0 || start < this.#notBefore) return false;
    this.#isBusy = true;
    for (const path of paths) look(path);
    await this.#settled();
    this.#isBusy = false;
    const end = performance.now();
    this.#notBefore = end + (end - start) * (1 / this.#share - 1);
    return true;
  }
}
