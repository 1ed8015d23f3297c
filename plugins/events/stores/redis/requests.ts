import { setTimeout as delay } from 'node:timers/promises';
import { StoreClosedError, StoreUnavailableError } from '../../../errors.ts';
import type { RedisConnection } from './connection.ts';
import { isTemporary, messageOf } from './evaluate.ts';
import { ScriptRunner } from './script-runner.ts';
import type { Script } from './scripts.ts';
import { within } from './within.ts';

const PAUSE_MILLISECONDS = 50;

/** One attempt. */
interface Call {
  /** Whether Redis has answered, or the client has given it up. */
  hasAnswer: boolean;
}

/**
 * Runs scripts on the user's connection, again where it was lost, and gives up in time: the clients
 * themselves would keep a command for as long as Redis is away.
 */
export class Requests {
  readonly #connection: RedisConnection;
  readonly #scripts: ScriptRunner;
  readonly #key: string;
  readonly #timeout: number;
  readonly #closing = new AbortController();
  /** A call has waited in vain: until there is a reply, more would only fill the client's queue. */
  #hangs = false;
  /** Who waits until Redis can be asked, by the turn of the call. Who gives up leaves nothing behind. */
  readonly #waiting = new Map<number, () => void>();
  /** Of those who need not wait any more, how many have not gone on yet. */
  #goingOn = 0;
  #turns = 0;
  #stopListening: (() => void) | undefined;
  #pause: Promise<void> | undefined;

  constructor(connection: RedisConnection, key: string, timeout: number) {
    this.#connection = connection;
    this.#scripts = new ScriptRunner(connection);
    this.#key = key;
    this.#timeout = timeout;
  }

  /** `args` is asked anew for each attempt. */
  async run(script: Script, args: () => readonly string[]): Promise<unknown> {
    const deadline = performance.now() + this.#timeout;
    const left = () => Math.max(0, Math.ceil(deadline - performance.now()));
    this.#turns += 1;
    const turn = this.#turns;
    for (;;) {
      // No await when all is well: commands are sent in the order of the calls.
      if (this.#pause) await this.#pause;
      let mustWait = !this.#isReady() || this.#isAnyBefore;
      while (mustWait) {
        await this.#untilReady(turn, left());
        this.#goingOn -= 1;
        mustWait = !this.#isReady();
      }
      if (this.#closing.signal.aborted) throw new StoreClosedError();
      const call: Call = { hasAnswer: false };
      try {
        return await within(left(), this.#send(call, script, args()));
      } catch (error) {
        const reason = messageOf(error);
        if (!isTemporary(error)) throw new StoreUnavailableError(`Redis refuses: ${reason}`);
        // Another attempt would have no time.
        if (left() <= PAUSE_MILLISECONDS) {
          if (!call.hasAnswer) this.#hang();
          throw this.#late(reason);
        }
      }
      this.#pause ??= this.#takeBreath();
    }
  }

  close(): void {
    this.#closing.abort();
    this.#wake();
  }

  #isReady(): boolean {
    return this.#closing.signal.aborted || (!this.#hangs && this.#connection.isReady);
  }

  /** Whether others have come before who have not asked yet. */
  get #isAnyBefore(): boolean {
    return this.#waiting.size + this.#goingOn > 0;
  }

  async #send(call: Call, script: Script, args: readonly string[]): Promise<unknown> {
    try {
      return await this.#scripts.run(script, this.#key, args);
    } finally {
      call.hasAnswer = true;
      if (this.#hangs) this.#goOn();
    }
  }

  #hang(): void {
    this.#hangs = this.#connection.isReady;
    // From now on: a client may drop the calls, and then only its next connection ends this.
    this.#listen();
  }

  #goOn(): void {
    this.#hangs = false;
    this.#wake();
  }

  /** Whoever has waited is one of those that go on, until it says that it has. */
  #untilReady(turn: number, milliseconds: number): Promise<void> {
    const reason = this.#hangs ? 'nor to earlier calls' : 'the client is not connected';
    this.#listen();
    return new Promise((resolve, reject) => {
      const goOn = () => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.delete(turn);
        reject(this.#late(reason));
      };
      const timer = setTimeout(giveUp, milliseconds).unref();
      this.#waiting.set(turn, goOn);
      // Only others were in front of it, who may go on as well.
      if (this.#isReady()) this.#wake();
    });
  }

  /** One listener, however many wait. */
  #listen(): void {
    if (this.#closing.signal.aborted) return;
    this.#stopListening ??= this.#connection.onReady(() => this.#goOn());
  }

  #wake(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    const inTurn = [...this.#waiting].sort(([one], [other]) => one - other);
    this.#waiting.clear();
    this.#goingOn += inTurn.length;
    for (const [, goOn] of inTurn) goOn();
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
