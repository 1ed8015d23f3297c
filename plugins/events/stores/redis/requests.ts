import { StoreClosedError, StoreUnavailableError } from '../../../errors.ts';
import { backOff } from './backoff.ts';
import type { Argument, RedisConnection } from './connection.ts';
import { evaluate, isTemporary, messageOf } from './evaluate.ts';
import type { Script } from './scripts.ts';
import { within } from './within.ts';

/**
 * Runs scripts on the user's connection, again where it was lost, and gives up in time: the clients
 * themselves would keep a command for as long as Redis is away.
 */
export class Requests {
  readonly #connection: RedisConnection;
  readonly #key: string;
  readonly #timeout: number;
  readonly #closing = new AbortController();
  #readiness: Promise<void> | undefined;

  constructor(connection: RedisConnection, key: string, timeout: number) {
    this.#connection = connection;
    this.#key = key;
    this.#timeout = timeout;
  }

  /** `args` is asked anew for each attempt. */
  async run(script: Script, args: () => readonly Argument[]): Promise<unknown> {
    const deadline = performance.now() + this.#timeout;
    for (let failures = 0; ; failures++) {
      // No await when it is ready: commands are sent in the order of the calls.
      if (!this.#connection.isReady) await this.#ready(deadline);
      if (this.#closing.signal.aborted) throw new StoreClosedError();
      try {
        const reply = evaluate(this.#connection, script, this.#key, args());
        return await within(Math.max(0, deadline - performance.now()), reply);
      } catch (error) {
        if (!isTemporary(error))
          throw new StoreUnavailableError(`Redis refuses: ${messageOf(error)}`);
        if (performance.now() >= deadline) throw this.#late(messageOf(error));
      }
      await backOff(failures, this.#closing.signal);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  async #ready(deadline: number): Promise<void> {
    this.#readiness ??= this.#untilReady();
    await within(Math.max(0, deadline - performance.now()), this.#readiness).catch(() => {
      throw this.#late('the client is not connected');
    });
  }

  /** One listener, however many wait. */
  #untilReady(): Promise<void> {
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

  #late(reason: string): Error {
    const seconds = `${this.#timeout} ms`;
    return new StoreUnavailableError(
      `Redis has not answered within ${seconds} (${reason}): check that it runs, and that the client is connected`,
    );
  }
}
