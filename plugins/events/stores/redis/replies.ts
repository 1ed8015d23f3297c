import { formatEventId, type Position, parseEventId } from '../../event-id.ts';
import type { Entry } from '../../message.ts';
import { areOfEntry, toEntry } from '../../stored-entry.ts';

// Whatever is in the keys: a reply that is not what the scripts write is no entry.

const PLACE = /^(\d{1,20})-(\d{1,20})$/;
/** Epoch, mark of the entry before and of this one, channel. */
const ENTRY = /^([0-9a-z]{1,32}) ([0-9a-f]{12})? ([0-9a-f]{12})? (.*)$/s;
const PREVIOUS = Buffer.from('previous');
const ABOUT = Buffer.from('about');
const BYTES = Buffer.from('bytes');

/** An item of a stream: its id `<first>-<second>` and its fields, names and values in turn. */
export interface StreamItem {
  readonly id: string;
  readonly first: number;
  readonly second: number;
  readonly fields: readonly unknown[];
}

/** An entry of a channel, and the number of the one before it in that channel. */
export interface ChannelEntry {
  readonly entry: Entry;
  readonly previous: number;
}

/** A position, and what tells its entry from another one of the same number. */
export interface Marked extends Position {
  /** Is made of those of all entries up to here; '' when it is not known. */
  readonly mark: string;
}

/** A place in the shared stream. */
export interface Place extends Marked {
  /** How many volatile events the log has had up to here; 0 for an entry that is kept. */
  readonly volatiles: number;
}

/** An item of the shared stream. */
export interface TailEntry {
  readonly place: Place;
  /** The mark of the entry that it was appended to. */
  readonly prior: string;
  readonly entry: Entry;
}

/** The end of a log. */
export interface End extends Place {
  /** Names what this Redis has been since it was started or promoted; '' when it does not say. */
  readonly history: string;
}

/** Whether `place` is `other` or before it, in the same log. */
export function isUpTo(place: Place, other: Place): boolean {
  return place.seq < other.seq || (place.seq === other.seq && place.volatiles <= other.volatiles);
}

export function toText(reply: unknown): string {
  return Buffer.isBuffer(reply) ? reply.toString() : String(reply ?? '');
}

export function toList(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

/** The items in the reply to XRANGE. */
export function toItems(reply: unknown): StreamItem[] {
  return toList(reply).flatMap((item) => {
    const [place, fields] = toList(item);
    const [id, first, second] = PLACE.exec(toText(place)) ?? [];
    if (id === undefined) return [];
    return [{ id, first: Number(first), second: Number(second), fields: toList(fields) }];
  });
}

/** The items in the reply to XREAD of one stream: `[[key, items]]`, or `[key, items]` in RESP3. */
export function toTailItems(reply: unknown): StreamItem[] {
  const [first, second] = toList(reply);
  return toItems(Array.isArray(first) ? first[1] : second);
}

export function toChannelEntry(
  channel: string,
  epoch: string,
  { first: seq, fields }: StreamItem,
): ChannelEntry | undefined {
  const [previousText, bytes] = valuesOf(fields, PREVIOUS);
  const id = formatEventId(epoch, seq);
  const previous = Number(previousText?.toString() ?? Number.NaN);
  if (!bytes || !areOfEntry(bytes, id) || !Number.isSafeInteger(previous)) return undefined;
  return { previous, entry: toEntry({ channel, seq, id, bytes }) };
}

export function toTailEntry({ first: seq, second, fields }: StreamItem): TailEntry | undefined {
  const [about, bytes] = valuesOf(fields, ABOUT);
  const [, epoch, prior = '', mark = '', channel] = ENTRY.exec(about?.toString() ?? '') ?? [];
  if (epoch === undefined || channel === undefined || !bytes) return undefined;
  const id = formatEventId(epoch, seq);
  if (!Number.isSafeInteger(seq) || !areOfEntry(bytes, id)) return undefined;
  const stored = { channel, seq, id, bytes };
  return {
    prior,
    place: { epoch, seq, volatiles: second, mark },
    entry: toEntry(second === 0 ? stored : { ...stored, volatile: true }),
  };
}

export function toEnd(reply: unknown): End | undefined {
  const [epoch, head, volatiles, mark, history = ''] = toList(reply).map(toText);
  const position = parseEventId(`${epoch}-${head}`);
  return position && { ...position, volatiles: Number(volatiles), mark: toMark(mark), history };
}

/** What the script APPEND says of an entry. */
export function toAppended(reply: unknown): { id: string; place: Place } | undefined {
  const [, id = '', seq, volatiles, mark] =
    /^([0-9a-z]{1,32}-\d+) (\d+)-(\d+) (\w*)$/.exec(toText(reply)) ?? [];
  const position = parseEventId(id);
  if (!position || position.seq !== Number(seq)) return undefined;
  return { id, place: { ...position, volatiles: Number(volatiles), mark: toMark(mark) } };
}

function toMark(reply: unknown): string {
  const mark = toText(reply);
  return /^[0-9a-f]{12}$/.test(mark) ? mark : '';
}

/** The values of an item that has the field of this name, and the field `bytes` behind it. */
function valuesOf(fields: readonly unknown[], name: Buffer): readonly Buffer[] {
  const [firstName, first, secondName, second] = fields;
  const isKnown = isBuffer(firstName, name) && isBuffer(secondName, BYTES);
  return isKnown && Buffer.isBuffer(first) && Buffer.isBuffer(second) ? [first, second] : [];
}

function isBuffer(value: unknown, expected: Buffer): boolean {
  return Buffer.isBuffer(value) && value.equals(expected);
}
