/** What is known of the whole log. */
export interface LogRecord {
  readonly epoch: string;
  /** Number of the newest entry. */
  readonly head: number;
  /** The newest number that any forgotten channel had. */
  readonly forgotten: number;
}

/** What is known of a channel that has entries. */
export interface ChannelRecord {
  /** Number of the newest entry that is no longer kept. */
  readonly trimmed: number;
  readonly count: number;
  readonly bytes: number;
}

/** An entry as it lies on disk. */
export interface EntryRecord {
  /** When it was appended, in milliseconds since 1970. */
  readonly at: number;
  /** What `encodeText` and `encodeEnd` have made of it. */
  readonly bytes: Buffer;
}

const INTEGER_BYTES = 6;

export function encodeLog(record: LogRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

export function decodeLog(value: Uint8Array): LogRecord {
  const { epoch, head, forgotten } = JSON.parse(Buffer.from(value).toString());
  if (typeof epoch === 'string' && Number.isSafeInteger(head) && Number.isSafeInteger(forgotten)) {
    return { epoch, head, forgotten };
  }
  throw new Error('its first record is not one of a log of events');
}

export function encodeChannel({ trimmed, count, bytes }: ChannelRecord): Buffer {
  const value = Buffer.alloc(3 * INTEGER_BYTES);
  for (const [index, integer] of [trimmed, count, bytes].entries()) {
    value.writeUIntBE(integer, index * INTEGER_BYTES, INTEGER_BYTES);
  }
  return value;
}

export function decodeChannel(value: Uint8Array): ChannelRecord {
  const record = Buffer.from(value);
  const integer = (index: number) => record.readUIntBE(index * INTEGER_BYTES, INTEGER_BYTES);
  return { trimmed: integer(0), count: integer(1), bytes: integer(2) };
}

export function encodeEntry({ at, bytes }: EntryRecord): Buffer {
  const value = Buffer.allocUnsafe(INTEGER_BYTES + bytes.length);
  value.writeUIntBE(at, 0, INTEGER_BYTES);
  bytes.copy(value, INTEGER_BYTES);
  return value;
}

/** The bytes are a view of `value`. */
export function decodeEntry(value: Buffer): EntryRecord {
  return { at: value.readUIntBE(0, INTEGER_BYTES), bytes: value.subarray(INTEGER_BYTES) };
}

/** Length of the bytes in an encoded entry. */
export function entryBytes(value: Uint8Array): number {
  return value.length - INTEGER_BYTES;
}
