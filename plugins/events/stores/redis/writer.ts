import { randomBytes } from 'node:crypto';

/**
 * Numbers what this process sends, so that Redis can tell an append it has seen from a new one: a
 * client sends a command again when its reply was lost, and so do we.
 */
export class Writer {
  readonly name = randomBytes(12).toString('hex');
  readonly #pending = new Set<number>();
  #last = 0;
  #onIdle: (() => void) | undefined;

  /** The lowest number whose reply is waited for. */
  get lowest(): number {
    for (const number of this.#pending) return number;
    return this.#last + 1;
  }

  /** Gives `send` a number that is waited for until `send` settles. */
  async number<Reply>(send: (number: number) => Promise<Reply>): Promise<Reply> {
    this.#last += 1;
    const number = this.#last;
    this.#pending.add(number);
    try {
      return await send(number);
    } finally {
      this.#pending.delete(number);
      if (this.#pending.size === 0) this.#onIdle?.();
    }
  }

  /** Resolves once nothing is waited for. */
  async idle(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }
}
