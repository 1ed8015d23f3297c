import { StoreUnavailableError } from '../../errors.ts';
import { integerOption, intervalOption, knownOptions } from '../../options.ts';
import { encodeText } from '../encode.ts';
import { newEpoch, type Position } from '../event-id.ts';
import type { Entry, EventText } from '../message.ts';
import type { AppendOptions, EventStore, Tail as LogTail, Page } from '../store.ts';
import { adapt, type RedisClient } from './redis/adapt.ts';
import type { RedisConnection } from './redis/connection.ts';
import { evaluate } from './redis/evaluate.ts';
import { type Keys, toKeys } from './redis/keys.ts';
import { toPage } from './redis/page.ts';
import { type End, type Marked, toAppended, toEnd } from './redis/replies.ts';
import { Requests } from './redis/requests.ts';
import { APPEND, LOCATE, READ } from './redis/scripts.ts';
import { Seen } from './redis/seen.ts';
import { Tail } from './redis/tail.ts';
import { Writer } from './redis/writer.ts';

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /**
   * `createClient()` of the package `redis` or `new Redis()` of `ioredis`, version 5 or later of
   * either. It stays yours: connect it, listen to its errors, close it. The store opens one
   * connection more, a duplicate of it, while it is followed.
   */
  readonly client: RedisClient;
  /** Begins every key: `{prefix}:...`. Stores with the same prefix share one log. @default 'dev-serve' */
  readonly prefix?: string | undefined;
  /** Entries kept per channel; of 1000 or more, up to 100 beyond it. @default 1000 */
  readonly limit?: number | undefined;
  /**
   * Entries of all channels kept, as above, for the processes that follow. One further behind reads
   * the rest from the channels; only volatile events are lost to it. @default 10000
   */
  readonly tailLimit?: number | undefined;
  /** Milliseconds; a channel whose entries are all older is forgotten. @default 604800000 (7 days) */
  readonly maxAge?: number | undefined;
  /** Milliseconds after which a call rejects when Redis is away. @default 5000 */
  readonly timeout?: number | undefined;
}

/**
 * Keeps events in Redis Streams (Redis 6.2 or later), for several processes that share one log.
 *
 * A call rejects with `DEV_SERVE_ERR_STORE_UNAVAILABLE` when Redis does not answer in time. A
 * rejected append is one that is not known to be stored: it may be, but never twice. What Redis has
 * acknowledged is as safe as its settings make it (`appendfsync`, `maxmemory-policy noeviction`); a log
 * that is found to have lost its end begins anew, so that every reader is told.
 *
 * @throws InvalidOptionError for a wrong option.
 */
export function redisStore(options: RedisStoreOptions): EventStore {
  return new RedisStore(checkOptions(options), adapt(options.client));
}

class RedisStore implements EventStore {
  readonly #keys: Keys;
  readonly #limits: readonly string[];
  readonly #requests: Requests;
  readonly #tail: Tail;
  readonly #writer = new Writer();
  readonly #seen = new Seen();
  readonly #heedErrors: () => void;
  #closing: Promise<void> | undefined;

  constructor({ keys, limits, timeout }: Settings, connection: RedisConnection) {
    this.#keys = keys;
    this.#limits = limits.map(String);
    this.#heedErrors = connection.ignoreErrors();
    this.#requests = new Requests(connection, keys.log, timeout);
    this.#tail = new Tail({
      key: keys.tail,
      timeout,
      connect: () => connection.duplicate(),
      locate: async (own, { place, history }) => {
        const args = this.#locating(history, ...(place ? [place] : []));
        return this.#toEnd(await evaluate(own, LOCATE, keys.log, args));
      },
      note: (place) => this.#seen.note(place),
    });
  }

  async append(channel: string, event: EventText, options: AppendOptions = {}): Promise<Entry> {
    const isVolatile = options.volatile === true;
    const what = [channel, encodeText(event), isVolatile ? '1' : '0', ...this.#limits];
    const { id, place } = await this.#writer.number(async (number) => {
      const reply = await this.#requests.run(APPEND, () => {
        const who = [this.#writer.name, String(number), String(this.#writer.lowest)];
        return [...this.#opening(), ...who, ...what];
      });
      const appended = toAppended(reply) ?? this.#refuse();
      this.#seen.note(appended.place);
      await this.#tail.until(appended.place);
      return appended;
    });
    const entry = { event: event.event, data: event.data, channel, seq: place.seq, id };
    return isVolatile ? { ...entry, volatile: true } : entry;
  }

  async read(channel: string, after: Position, limit: number): Promise<Page> {
    const what = [channel, after.epoch, `${after.seq + 1}-0`, String(limit)];
    const reply = await this.#requests.run(READ, () => [...this.#opening(), ...what]);
    return toPage(channel, after, reply);
  }

  async follow(listener: (entry: Entry) => void): Promise<LogTail> {
    const ask = async () => this.#toEnd(await this.#requests.run(LOCATE, () => this.#locating()));
    const { end, stop } = await this.#tail.follow(listener, ask);
    return { epoch: end.epoch, head: end.seq, stop };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#requests.close();
    await this.#writer.idle();
    this.#tail.close();
    this.#heedErrors();
  }

  /** The first arguments of scripts: they begin a log where there is none that holds what was seen. */
  #opening(): string[] {
    return [newEpoch(), ...toArguments(this.#seen.position)];
  }

  #locating(history = '', ...read: readonly Marked[]): string[] {
    return [newEpoch(), history, ...[this.#seen.position, ...read].flatMap(toArguments)];
  }

  #toEnd(reply: unknown): End {
    const end = toEnd(reply) ?? this.#refuse();
    this.#seen.note(end);
    return end;
  }

  #refuse(): never {
    throw new StoreUnavailableError(`"${this.#keys.log}" in Redis is no log of this store`);
  }
}

function toArguments({ epoch, seq, mark }: Marked): string[] {
  return [epoch, String(seq), mark];
}

interface Settings {
  readonly keys: Keys;
  /** Of a channel, of the tail, and of age in milliseconds. */
  readonly limits: readonly number[];
  readonly timeout: number;
}

function checkOptions(options: RedisStoreOptions): Settings {
  knownOptions(options, ['client', 'prefix', 'limit', 'tailLimit', 'maxAge', 'timeout']);
  return {
    keys: toKeys(options.prefix ?? 'dev-serve'),
    limits: [
      integerOption('limit', options.limit ?? 1000, 1),
      integerOption('tailLimit', options.tailLimit ?? 10_000, 1),
      integerOption('maxAge', options.maxAge ?? 604_800_000, 1),
    ],
    timeout: intervalOption('timeout', options.timeout ?? 5000, 1),
  };
}
