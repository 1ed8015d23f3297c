import { StoreClosedError } from '../../errors.ts';
import { knownOptions } from '../../options.ts';
import { formatEventId, newEpoch, type Position } from '../event-id.ts';
import type { Entry, EventText } from '../message.ts';
import type { AppendOptions, EventStore, Page, Tail } from '../store.ts';
import { Ageing } from './ageing.ts';
import { CappedLog } from './capped-log.ts';
import { Followers } from './followers.ts';
import { checkLimits, type LimitOptions, type Limits } from './limits.ts';

export interface MemoryStoreOptions extends LimitOptions {
  /** Milliseconds after which an entry is forgotten. @default 3600000 (1 hour) */
  readonly maxAge?: number | undefined;
}

const MAX_AGE = 3_600_000;

/**
 * Keeps the newest entries of each channel in this process, and forgets channels that were idle for
 * `maxAge`. Every store is an epoch of its own.
 */
export function memoryStore(options: MemoryStoreOptions = {}): EventStore {
  knownOptions(options, ['limit', 'maxBytes', 'maxAge']);
  return new MemoryStore(checkLimits(options, MAX_AGE));
}

class MemoryStore implements EventStore {
  readonly #epoch = newEpoch();
  readonly #limits: Limits;
  readonly #logs = new Map<string, CappedLog>();
  readonly #followers = new Followers(0);
  readonly #ageing: Ageing;
  #head = 0;
  /** The newest number that any forgotten channel had. */
  #forgotten = 0;
  #closed = false;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#ageing = new Ageing(limits.maxAge, now, (channel) => this.#age(channel));
  }

  async append(channel: string, text: EventText, options: AppendOptions = {}): Promise<Entry> {
    if (this.#closed) throw new StoreClosedError();
    const isVolatile = options.volatile === true;
    if (!isVolatile) this.#head += 1;
    const seq = this.#head;
    const { event, data } = text;
    const kept: Entry = { channel, seq, id: formatEventId(this.#epoch, seq), event, data };
    const entry = isVolatile ? { ...kept, volatile: true } : kept;
    if (!isVolatile) this.#keep(entry);
    this.#followers.report(entry);
    return entry;
  }

  async read(channel: string, after: Position, limit: number): Promise<Page> {
    if (this.#closed) throw new StoreClosedError();
    const log = this.#logs.get(channel);
    log?.age(now());
    const isOurs = after.epoch === this.#epoch;
    if (isOurs && after.seq > this.#head) return { entries: [], gap: true };
    const seq = isOurs ? after.seq : 0;
    const page = log?.read(seq, limit) ?? { entries: [], gap: seq < this.#forgotten };
    return isOurs ? page : { ...page, gap: true };
  }

  async follow(listener: (entry: Entry) => void): Promise<Tail> {
    if (this.#closed) throw new StoreClosedError();
    const stop = this.#followers.add(listener);
    return { epoch: this.#epoch, head: this.#followers.head, stop };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ageing.stop();
    this.#logs.clear();
  }

  #keep(entry: Entry): void {
    const { channel } = entry;
    let log = this.#logs.get(channel);
    if (!log) {
      log = new CappedLog(this.#limits, this.#forgotten);
      this.#logs.set(channel, log);
      this.#ageing.watch(channel, now() + this.#limits.maxAge);
    }
    log.push(entry, now());
  }

  #age(channel: string): void {
    const log = this.#logs.get(channel);
    if (!log) return;
    log.age(now());
    if (log.dueAt === undefined) {
      this.#forgotten = Math.max(this.#forgotten, log.trimmed);
      this.#logs.delete(channel);
    } else {
      this.#ageing.watch(channel, log.dueAt);
    }
  }
}

/** Not the time of day: that may be set back. */
function now(): number {
  return performance.now();
}
