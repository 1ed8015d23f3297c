import { setTimeout as delay } from 'node:timers/promises';
import { StoreClosedError, StoreUnavailableError } from '../../../errors.ts';
import type { Argument, RedisConnection } from './connection.ts';
import { evaluate, isTemporary, messageOf } from './evaluate.ts';
import type { Script } from './scripts.ts';
import { within } from './within.ts';

const PAUSE_MILLISECONDS = 50;

/**
 * Runs scripts on the user's connection, again where it was lost, and gives up in time: the clients
 * themselves would keep a command for as long as Redis is away.
 */
export class Requests {
  readonly #connection: RedisConnection;
  readonly #key: string;
  readonly #timeout: number;
  readonly #closing = new AbortController();
  /** Shared, so that those who wait go on in the order they came. */
  #readiness: Promise<void> | undefined;
  #pause: Promise<void> | undefined;

  constructor(connection: RedisConnection, key: string, timeout: number) {
    this.#connection = connection;
    this.#key = key;
    this.#timeout = timeout;
  }

  /** `args` is asked anew for each attempt. */
  async run(script: Script, args: () => readonly Argument[]): Promise<unknown> {
    const deadline = performance.now() + this.#timeout;
    const left = () => Math.max(0, Math.ceil(deadline - performance.now()));
    for (;;) {
      // No await when all is well: commands are sent in the order of the calls.
      if (this.#pause) await this.#pause;
      if (!this.#isReady()) await this.#untilReady(left());
      if (this.#closing.signal.aborted) throw new StoreClosedError();
      try {
        const reply = evaluate(this.#connection, script, this.#key, args());
        return await within(left(), reply);
      } catch (error) {
        const reason = messageOf(error);
        if (!isTemporary(error)) throw new StoreUnavailableError(`Redis refuses: ${reason}`);
        if (left() <= 1) throw this.#late(reason);
      }
      this.#pause ??= this.#takeBreath();
    }
  }

  close(): void {
    this.#closing.abort();
  }

  #isReady(): boolean {
    return this.#closing.signal.aborted || this.#connection.isReady;
  }

  async #untilReady(milliseconds: number): Promise<void> {
    this.#readiness ??= this.#becomeReady();
    await within(milliseconds, this.#readiness).catch(() => {
      throw this.#late('the client is not connected');
    });
  }

  /** One listener, however many wait. */
  #becomeReady(): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#closing;
      const done = () => {
        this.#readiness = undefined;
        removeListener();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const removeListener = this.#connection.onReady(done);
      signal.addEventListener('abort', done);
    });
  }

  async #takeBreath(): Promise<void> {
    const { signal } = this.#closing;
    await delay(PAUSE_MILLISECONDS, undefined, { signal, ref: false }).catch(() => {});
    this.#pause = undefined;
  }

  #late(reason: string): Error {
    return new StoreUnavailableError(
      `Redis has not answered within ${this.#timeout} ms (${reason}): ` +
        'check that it runs, and that the client is connected',
    );
  }
}
