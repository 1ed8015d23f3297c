import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Evaluator } from './connection.ts';
import { isUnknownScript } from './evaluate.ts';
import type { Script } from './scripts.ts';

/** Runs scripts on one connection in the order of the calls, by name where Redis knows them. */
export class ScriptRunner {
  readonly #connection: Evaluator;
  /** What was sent by name and is not answered yet. */
  readonly #named = new Set<Promise<unknown>>();
  #answered: Promise<unknown> | undefined;

  constructor(connection: Evaluator) {
    this.#connection = connection;
  }

  async run({ sha, source }: Script, key: string, args: readonly string[]): Promise<unknown> {
    // Else this call could find the script loaded, and overtake those that have not.
    if (this.#answered) await this.#answered;
    const named = this.#connection.evaluate('EVALSHA', sha, key, args);
    this.#named.add(named);
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
    const answered = Promise.allSettled(this.#named);
    // Not before those that wait have gone on: who comes now is behind them.
    void answered.then(() => nextTurn()).then(() => (this.#answered = undefined));
    await answered;
  }
}
