/** Lets so many pass in a turn of the event loop, and whoever comes after them in the next ones. */
export class TurnGate {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  /** How many have passed in this turn. */
  #passed = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when it is one's turn, in the order of the calls. */
  async pass(): Promise<void> {
    if (this.#passed === 0) setImmediate(() => this.#turn());
    if (this.#passed < this.#most) this.#passed += 1;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  #turn(): void {
    const next = this.#waiting.splice(0, this.#most);
    this.#passed = next.length;
    if (next.length > 0) setImmediate(() => this.#turn());
    for (const pass of next) pass();
  }
}
