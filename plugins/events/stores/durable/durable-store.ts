import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreClosedError, StoreWriteError } from '../../../errors.ts';
import { encodeText } from '../../encode.ts';
import { formatEventId, type Position } from '../../event-id.ts';
import type { Entry, EventText } from '../../message.ts';
import type { AppendOptions, EventStore, Page, Tail } from '../../store.ts';
import { toEntry } from '../../stored-entry.ts';
import { Ageing } from '../ageing.ts';
import { Followers } from '../followers.ts';
import type { Limits } from '../limits.ts';
import type { Database } from './database.ts';
import { CHANNEL_KEYS, channelKey, channelOf, entryKey, LOG_KEY, seqOf } from './keys.ts';
import { decodeChannel, decodeEntry, decodeLog, type LogRecord } from './records.ts';
import { type Append, type Written, writeBatch } from './write-batch.ts';

/** Runs a function in a transaction; resolves once that is as durable as it is going to be. */
export type Transact = <Result>(run: () => Result) => Result | Promise<Result>;

export interface DurableStoreParts {
  readonly database: Database;
  readonly transact: Transact;
  readonly log: LogRecord;
  readonly limits: Limits;
  /** Called at the end, with nothing under way. */
  readonly close: () => Promise<void>;
}

interface Pending {
  readonly append: Append;
  resolve(entry: Entry): void;
  reject(error: Error): void;
}

/** The log in a database that nobody else writes to. One transaction at a time, so that numbers are
 * given out in the order of the calls, and again if the transaction has failed. */
export class DurableStore implements EventStore {
  readonly #parts: DurableStoreParts;
  readonly #followers: Followers;
  readonly #ageing: Ageing;
  #log: LogRecord;
  #pending: Pending[] = [];
  #due: string[] = [];
  #working: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: DurableStoreParts) {
    this.#parts = parts;
    this.#log = parts.log;
    this.#followers = new Followers(parts.log.head);
    this.#ageing = new Ageing(parts.limits.maxAge, Date.now, (channel) => this.#look(channel));
    for (const { key } of parts.database.getRange(CHANNEL_KEYS)) this.#look(channelOf(key));
  }

  async append(channel: string, event: EventText, options: AppendOptions = {}): Promise<Entry> {
    if (this.#closing) throw new StoreClosedError();
    const append = { channel, text: encodeText(event), volatile: options.volatile === true };
    return new Promise((resolve, reject) => {
      this.#pending.push({ append, resolve, reject });
      this.#work();
    });
  }

  async read(channel: string, after: Position, limit: number): Promise<Page> {
    if (this.#closing) throw new StoreClosedError();
    const { epoch, head } = this.#log;
    const isOurs = after.epoch === epoch;
    const seq = isOurs ? after.seq : 0;
    const gap = !isOurs || seq > head || seq < this.#trimmed(channel);
    if (seq >= head) return { entries: [], gap };
    // Up to the head: what is behind it may be in the database, but was not reported yet.
    const [start, end] = [entryKey(channel, seq + 1), entryKey(channel, head + 1)];
    const rows = this.#parts.database.getRange({ start, end, limit });
    const entries = rows.map(({ key, value }) => {
      const number = seqOf(Buffer.from(key));
      const { bytes } = decodeEntry(value);
      return toEntry({ channel, seq: number, id: formatEventId(epoch, number), bytes });
    });
    return { entries: [...entries], gap };
  }

  async follow(listener: (entry: Entry) => void): Promise<Tail> {
    if (this.#closing) throw new StoreClosedError();
    const stop = this.#followers.add(listener);
    return { epoch: this.#log.epoch, head: this.#followers.head, stop };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ageing.stop();
    await this.#working;
    await this.#parts.close();
  }

  /** Number of the newest entry of a channel that is not kept, in the same snapshot as a page. */
  #trimmed(channel: string): number {
    const { database } = this.#parts;
    const record = database.get(channelKey(channel));
    if (record) return decodeChannel(record).trimmed;
    const log = database.get(LOG_KEY);
    return log ? decodeLog(log).forgotten : 0;
  }

  #look(channel: string): void {
    this.#due.push(channel);
    this.#work();
  }

  #work(): void {
    this.#working ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0 || (this.#due.length > 0 && !this.#closing)) {
      await nextTurn();
      await this.#writeNext();
    }
    this.#working = undefined;
  }

  /** Writes all that was appended up to now. */
  async #writeNext(): Promise<void> {
    const [pending, due] = [this.#pending, this.#due];
    this.#pending = [];
    this.#due = [];
    const batch = { appends: pending.map(({ append }) => append), due, at: Date.now() };
    const { database, limits, transact } = this.#parts;
    let written: Written;
    try {
      written = await transact(() => writeBatch(database, this.#log, batch, limits));
    } catch (cause) {
      const error = new StoreWriteError(await reasonOf(cause), { cause });
      for (const { reject } of pending) reject(error);
      for (const channel of due) this.#ageing.watch(channel, Date.now());
      return;
    }
    this.#log = written.log;
    for (const [channel, at] of written.dueAt) this.#watch(channel, at);
    const entries = written.entries.map(toEntry);
    for (const entry of entries) this.#followers.report(entry);
    for (const [index, { resolve }] of pending.entries()) {
      const entry = entries[index];
      if (entry) resolve(entry);
    }
  }

  #watch(channel: string, at: number): void {
    if (this.#closing) return;
    // Due already: there was more to remove than one transaction does.
    if (at <= Date.now()) this.#due.push(channel);
    else this.#ageing.watch(channel, at);
  }
}

/** The error of a transaction that could not be committed has its cause in a promise. */
async function reasonOf(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  if ('commitError' in error && error.commitError instanceof Promise) {
    return error.commitError.then(() => error.message, reasonOf);
  }
  return error.message;
}
