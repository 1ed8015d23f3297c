import { Rounds } from './rounds.ts';

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
  readonly #rounds: Rounds;

  constructor(ports: UnwatchedPorts) {
    this.#ports = ports;
    this.#rounds = new Rounds(SHARE, () => ports.settled());
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
    let tries = this.#tries;
    const look = (path: string) => {
      this.#hasFailed = false;
      this.#ports.look(path, tries-- > 0);
    };
    // One that may be watched again is followed by two, four, eight: all may, or none.
    if (await this.#rounds.walk([...this.#paths], look)) {
      this.#tries = this.#hasFailed ? 1 : this.#tries * 2;
    }
  }
}
