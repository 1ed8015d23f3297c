import { encodeEnd } from '../../encode.ts';
import { formatEventId } from '../../event-id.ts';
import type { StoredEntry } from '../../stored-entry.ts';
import type { Limits } from '../limits.ts';
import { channelKey, entryKey, LOG_KEY, seqOf } from './keys.ts';
import {
  type ChannelRecord,
  decodeChannel,
  decodeEntry,
  encodeChannel,
  encodeEntry,
  encodeLog,
  entryBytes,
  type LogRecord,
} from './records.ts';

/** What a transaction can do. */
export interface Table {
  get(key: Uint8Array): Uint8Array | undefined;
  put(key: Uint8Array, value: Buffer): unknown;
  remove(key: Uint8Array): unknown;
  getRange(range: {
    readonly start: Uint8Array;
    readonly end: Uint8Array;
  }): Iterable<{ readonly key: Uint8Array; readonly value: Buffer }>;
}

export interface Append {
  readonly channel: string;
  /** What `encodeText` has made of the event. */
  readonly text: string;
  readonly volatile: boolean;
}

export interface Batch {
  readonly appends: readonly Append[];
  /** Channels that may have entries that are too old. */
  readonly due: readonly string[];
  /** The time, in milliseconds since 1970. */
  readonly at: number;
}

export interface Written {
  readonly log: LogRecord;
  /** One for each append. */
  readonly entries: readonly StoredEntry[];
  /** When channels are due to be looked at, each with entries once. */
  readonly dueAt: ReadonlyMap<string, number>;
}

/** Entries that one transaction removes for their age: what more there is waits for the next. */
const MAX_AGED = 2000;

/** Numbers and keeps events and lets go of others, inside one transaction. */
export function writeBatch(table: Table, log: LogRecord, batch: Batch, limits: Limits): Written {
  let { head, forgotten } = log;
  const records = new Map<string, ChannelRecord>();
  const dueAt = new Map<string, number>();
  const recordOf = (channel: string) => records.get(channel) ?? readRecord(table, channel);

  const entries = batch.appends.map(({ channel, text, volatile }): StoredEntry => {
    if (!volatile) head += 1;
    const id = formatEventId(log.epoch, head);
    const bytes = Buffer.from(text + encodeEnd(id));
    if (volatile) return { channel, seq: head, id, bytes, volatile };
    table.put(entryKey(channel, head), encodeEntry({ at: batch.at, bytes }));
    let record = recordOf(channel);
    if (!record) {
      record = { trimmed: forgotten, count: 0, bytes: 0 };
      dueAt.set(channel, batch.at + limits.maxAge);
    }
    const { trimmed, count, bytes: sum } = record;
    records.set(channel, { trimmed, count: count + 1, bytes: sum + bytes.length });
    return { channel, seq: head, id, bytes };
  });

  const isTooMuch = ({ count, bytes }: ChannelRecord) =>
    count > limits.limit || (bytes > limits.maxBytes && count > 1);
  for (const [channel, record] of records) {
    if (isTooMuch(record)) records.set(channel, trim(table, channel, record, isTooMuch).record);
  }

  let left = MAX_AGED;
  for (const channel of batch.due) {
    const record = recordOf(channel);
    if (!record) continue;
    const isTooOld = (_: ChannelRecord, at: number) => {
      if (left > 0 && at + limits.maxAge <= batch.at) left -= 1;
      else return false;
      return true;
    };
    const trimmed = trim(table, channel, record, isTooOld);
    records.set(channel, trimmed.record);
    if (trimmed.oldestAt !== undefined) dueAt.set(channel, trimmed.oldestAt + limits.maxAge);
  }

  for (const [channel, record] of records) {
    if (record.count > 0) table.put(channelKey(channel), encodeChannel(record));
    else table.remove(channelKey(channel));
    if (record.count === 0) forgotten = Math.max(forgotten, record.trimmed);
  }
  const written = { epoch: log.epoch, head, forgotten };
  // An empty transaction costs nothing: volatile events never wait for the disk.
  if (records.size > 0) table.put(LOG_KEY, encodeLog(written));
  return { log: written, entries, dueAt };
}

function readRecord(table: Table, channel: string): ChannelRecord | undefined {
  const value = table.get(channelKey(channel));
  return value && decodeChannel(value);
}

/** Removes the oldest entries while they have to go. */
function trim(
  table: Table,
  channel: string,
  before: ChannelRecord,
  hasToGo: (record: ChannelRecord, at: number) => boolean,
): { record: ChannelRecord; oldestAt: number | undefined } {
  let record = before;
  let oldestAt: number | undefined;
  const gone: Uint8Array[] = [];
  const start = entryKey(channel, record.trimmed + 1);
  const end = entryKey(channel, Number.MAX_SAFE_INTEGER);
  for (const { key, value } of table.getRange({ start, end })) {
    const { at } = decodeEntry(value);
    if (!hasToGo(record, at)) {
      oldestAt = at;
      break;
    }
    gone.push(key);
    record = {
      trimmed: seqOf(key),
      count: record.count - 1,
      bytes: record.bytes - entryBytes(value),
    };
  }
  // Afterwards, since no cursor likes what it points to taken away.
  for (const key of gone) table.remove(key);
  return { record, oldestAt };
}
