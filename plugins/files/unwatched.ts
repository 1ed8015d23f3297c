/** What it means to look at a folder, and to see all that this leads to. */
export interface UnwatchedPorts {
  /** @param again whether to try to watch it again */
  look(path: string, again: boolean): void;
  settled(): Promise<void>;
}

/** Looking may take this part of the time. */
const SHARE = 1 / 5;

/** The folders whose watch could not be set: they are looked at now and then, and tried again. */
export class Unwatched {
  readonly #ports: UnwatchedPorts;
  readonly #paths = new Set<string>();
  #tries = 1;
  #hasFailed = false;
  #isBusy = false;
  #notBefore = 0;

  constructor(ports: UnwatchedPorts) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#paths.size;
  }

  add(path: string): void {
    this.#paths.add(path);
    this.#hasFailed = true;
  }

  delete(path: string): void {
    this.#paths.delete(path);
  }

  /** Looks at all of them once, unless the last time was too short ago for their number. */
  async poll(): Promise<void> {
    const start = performance.now();
    if (this.#isBusy || this.#paths.size === 0 || start < this.#notBefore) return;
    this.#isBusy = true;
    this.#hasFailed = false;
    let tries = this.#tries;
    for (const path of [...this.#paths]) this.#ports.look(path, tries-- > 0);
    await this.#ports.settled();
    // One that may be watched again is followed by two, four, eight: all may, or none.
    this.#tries = this.#hasFailed ? 1 : this.#tries * 2;
    this.#isBusy = false;
    const end = performance.now();
    this.#notBefore = end + (end - start) * (1 / SHARE - 1);
  }
}
