import { StoreClosedError, StoreUnavailableError } from '../../../errors.ts';
import type { RedisConnection } from './connection.ts';
import { isTemporary, messageOf } from './evaluate.ts';
import { ScriptRunner } from './script-runner.ts';
import type { Script } from './scripts.ts';
import { within } from './within.ts';

const PAUSE_MILLISECONDS = 50;

/** One attempt. */
interface Call {
  /** The number of the connection that it was sent on. */
  readonly connection: number;
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
  readonly #stopListening: () => void;
  #isClosed = false;
  /** How often the client has become ready. */
  #connections = 0;
  /** A call has waited in vain: until there is a reply, more would only fill the client's queue. */
  #hangs = false;
  /** A call has failed: it is tried again soon, and all others come behind it. */
  #pauses = false;
  /** Who waits until Redis can be asked, by the turn of the call. Who gives up leaves nothing behind. */
  readonly #waiting = new Map<number, () => void>();
  /** Of those who need not wait any more, how many have not gone on yet. */
  #goingOn = 0;
  #turns = 0;

  constructor(connection: RedisConnection, key: string, timeout: number) {
    this.#connection = connection;
    this.#scripts = new ScriptRunner(connection);
    this.#key = key;
    this.#timeout = timeout;
    this.#stopListening = connection.onReady(() => {
      this.#connections += 1;
      this.#goOn();
    });
  }

  /** `args` is asked anew for each attempt. */
  async run(script: Script, args: () => readonly string[]): Promise<unknown> {
    const deadline = performance.now() + this.#timeout;
    const left = () => Math.max(0, Math.ceil(deadline - performance.now()));
    this.#turns += 1;
    const turn = this.#turns;
    let reason: string | undefined;
    for (;;) {
      // No await when all is well: commands are sent in the order of the calls.
      let mustWait = !this.#isReady() || this.#isAnyBefore;
      while (mustWait) {
        await this.#untilReady(turn, left(), reason);
        this.#goingOn -= 1;
        mustWait = !this.#isReady();
      }
      if (this.#isClosed) throw new StoreClosedError();
      const call: Call = { connection: this.#connections, hasAnswer: false };
      const time = left();
      try {
        return await within(time, this.#send(call, script, args(), time));
      } catch (error) {
        if (!isTemporary(error)) {
          throw new StoreUnavailableError(`Redis refuses: ${messageOf(error)}`);
        }
        // An attempt with little time left says nothing of why the others failed.
        if (call.hasAnswer || reason === undefined) reason = messageOf(error);
        if (left() <= PAUSE_MILLISECONDS) {
          if (!call.hasAnswer) this.#hang(call);
          throw this.#late(reason);
        }
      }
      this.#takeBreath();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#wake();
  }

  #isReady(): boolean {
    if (this.#isClosed) return true;
    return !this.#hangs && !this.#pauses && this.#connection.isReady;
  }

  /** Whether others have come before who have not asked yet. */
  get #isAnyBefore(): boolean {
    return this.#waiting.size + this.#goingOn > 0;
  }

  async #send(call: Call, script: Script, args: readonly string[], time: number): Promise<unknown> {
    try {
      return await this.#scripts.run(script, this.#key, args, time);
    } finally {
      call.hasAnswer = true;
      if (this.#hangs) this.#goOn();
    }
  }

  /** Of a connection that is no more, a client may have dropped the call. */
  #hang({ connection }: Call): void {
    this.#hangs = this.#connection.isReady && connection === this.#connections;
  }

  #goOn(): void {
    this.#hangs = false;
    this.#wake();
  }

  /** Whoever has waited is one of those that go on, until it says that it has. */
  #untilReady(turn: number, milliseconds: number, failure: string | undefined): Promise<void> {
    const without = this.#hangs ? 'nor to earlier calls' : 'the client is not connected';
    const reason = failure ?? without;
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

  #wake(): void {
    const inTurn = [...this.#waiting].sort(([one], [other]) => one - other);
    this.#waiting.clear();
    this.#goingOn += inTurn.length;
    for (const [, goOn] of inTurn) goOn();
  }

  #takeBreath(): void {
    if (this.#pauses) return;
    this.#pauses = true;
    const goOn = () => {
      this.#pauses = false;
      this.#wake();
    };
    setTimeout(goOn, PAUSE_MILLISECONDS).unref();
  }

  #late(reason: string): Error {
    return new StoreUnavailableError(
      `Redis has not answered within ${this.#timeout} ms (${reason}): ` +
        'check that it runs, and that the client is connected',
    );
  }
}
