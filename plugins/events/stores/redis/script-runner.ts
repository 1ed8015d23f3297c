import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Evaluator } from './connection.ts';
import { isUnknownScript } from './evaluate.ts';
import type { Script } from './scripts.ts';
import { within } from './within.ts';

/** Runs scripts on one connection in the order of the calls, by name where Redis knows them. */
export class ScriptRunner {
  readonly #connection: Evaluator;
  /** What was sent by name and is not answered yet, with the time until which that is waited for. */
  readonly #named = new Map<Promise<unknown>, number>();
  #answered: Promise<unknown> | undefined;

  constructor(connection: Evaluator) {
    this.#connection = connection;
  }

  /** @param time milliseconds until nobody waits for the answer any more: a client may drop a call */
  async run(
    { sha, source }: Script,
    key: string,
    args: readonly string[],
    time: number,
  ): Promise<unknown> {
    const deadline = performance.now() + time;
    // Else this call could find the script loaded, and overtake those that have not.
    if (this.#answered) await this.#answered;
    const named = this.#connection.evaluate('EVALSHA', sha, key, args);
    this.#forgetDropped();
    this.#named.set(named, deadline);
    try {
      return await named;
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      this.#answered ??= this.#waitForAnswers();
      return await this.#connection.evaluate('EVAL', source, key, args);
    } finally {
      this.#named.delete(named);
    }
  }

  async #waitForAnswers(): Promise<void> {
    const now = performance.now();
    const answers = [...this.#named].map(([reply, deadline]) => within(deadline - now, reply));
    const answered = Promise.allSettled(answers);
    // Not before those that wait have gone on: who comes now is behind them.
    void answered.then(() => nextTurn()).then(() => (this.#answered = undefined));
    await answered;
  }

  #forgetDropped(): void {
    const now = performance.now();
    for (const [reply, deadline] of this.#named) {
      if (deadline > now) return;
      this.#named.delete(reply);
    }
  }
}
