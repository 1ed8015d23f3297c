// Keys as LMDB orders them, byte by byte: one for the log, one per channel, one per entry.
const LOG = 1;
const CHANNEL = 2;
const ENTRY = 3;

const SEQ_BYTES = 8;

/** The key of the {@link LogRecord}. */
export const LOG_KEY: Uint8Array = Uint8Array.of(LOG);

/** From the first channel's key up to, and without, the first key behind all of them. */
export const CHANNEL_KEYS = { start: Uint8Array.of(CHANNEL), end: Uint8Array.of(ENTRY) } as const;

/** The key of a {@link ChannelRecord}. */
export function channelKey(channel: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(CHANNEL), Buffer.from(channel)]);
}

/** The name of the channel that has this key. */
export function channelOf(key: Uint8Array): string {
  return Buffer.from(key.subarray(1)).toString();
}

/** Keys of a channel's entries lie next to each other, in the order of their numbers. */
export function entryKey(channel: string, seq: number): Uint8Array {
  const name = Buffer.from(channel);
  // The length goes first: no name followed by a number is then the beginning of another name.
  const key = Buffer.alloc(2 + name.length + SEQ_BYTES);
  key[0] = ENTRY;
  key[1] = name.length;
  name.copy(key, 2);
  key.writeBigUInt64BE(BigInt(seq), 2 + name.length);
  return key;
}

/** The number in the key of an entry. */
export function seqOf(key: Uint8Array): number {
  return Number(Buffer.from(key).readBigUInt64BE(key.length - SEQ_BYTES));
}
