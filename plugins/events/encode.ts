import { BufferPool } from '../pooled-buffer.ts';
import { memoize } from './memoize.ts';
import type { EventText, Frame } from './message.ts';

// WHATWG HTML 9.2.5: "end-of-line = ( cr lf / cr / lf )", so a lone CR ends a line of data too.
const LINE_END = /\r\n|\r|\n/g;
const CRLF = Buffer.from('\r\n');

/**
 * One event in the text/event-stream format, with LF line ends and the blank line that fires it. The
 * id comes last: some clients take it as soon as its line is read, and would never ask again for an
 * event that is cut off behind it. `id` and `event` must have been checked for line ends.
 */
export function encodeEvent({ id, ...text }: Frame): string {
  return encodeText(text) + encodeEnd(id);
}

/** The part of an event that is known before it is numbered: its type and its data. */
export function encodeText({ event, data }: EventText): string {
  const eventLine = event === 'message' || event === '' ? '' : `event: ${event}\n`;
  return `${eventLine}data: ${data.replace(LINE_END, '\ndata: ')}\n`;
}

/** What follows the text: the id, and the blank line that fires the event. */
export function encodeEnd(id: string | undefined): string {
  return id === undefined ? '\n' : `id: ${id}\n\n`;
}

/** A comment: keeps proxies awake and is ignored by clients. No blank line, since some clients take
 * the block in front of one for an empty event. */
export function encodeComment(text = ''): string {
  return `:${text.replace(LINE_END, '\n:')}\n`;
}

/** The reconnection time in milliseconds. No blank line either; clamped, since `retry: 0` makes
 * browsers reconnect in a hot loop. */
export function encodeRetry(milliseconds: number): string {
  return `retry: ${Math.max(100, Math.round(milliseconds))}\n`;
}

/** The bytes of one event, computed once. */
export const encodeFrame = memoize((frame: Frame): Buffer => {
  const text = encodeEvent(frame);
  const room = roomInChunk(Buffer.byteLength(text));
  room.write(text);
  return room;
});

/** A copy of the bytes of one event, to be kept with it. */
export function keepFrame(bytes: Buffer): Buffer {
  const room = roomInChunk(bytes.length);
  bytes.copy(room);
  return room;
}

/** About how many bytes an event has, which is not encoded for that. */
export function sizeOf(frame: Frame): number {
  return encodeFrame.known(frame)?.length ?? frame.event.length + frame.data.length;
}

/** The bytes of neighbouring events, the same Buffer for every reader that gets the same slice. */
export const encodeSlice = memoize((slice: readonly Frame[]): Buffer => {
  const [first, ...others] = slice;
  if (first && others.length === 0) return encodeFrame(first);
  return Buffer.concat(slice.map(encodeFrame));
});

/** Bytes as one chunk of a response over HTTP/1.1. */
export function toChunk(bytes: Buffer): Buffer {
  const { chunk, room } = newChunk(bytes.length, Buffer.allocUnsafe);
  bytes.copy(room);
  return chunk;
}

/** The same, and the same Buffer for the same bytes. */
export const encodeChunk = memoize(toChunk);

/** For what is kept with its event, which may be the last of those beside it, for hours. */
const kept = new BufferPool(2048);

/** Room for a part of what is kept of an event. */
export function roomToKeep(size: number): Buffer {
  return kept.take(size);
}

/** Room for the bytes of an event in a chunk of theirs. */
function roomInChunk(length: number): Buffer {
  const { chunk, room } = newChunk(length, roomToKeep);
  encodeChunk.remember(room, chunk);
  return room;
}

function newChunk(length: number, allocate: (size: number) => Buffer) {
  // "chunk = chunk-size CRLF chunk-data CRLF", the size in hexadecimal (RFC 9112, 7.1).
  const size = `${length.toString(16)}\r\n`;
  const chunk = allocate(size.length + length + CRLF.length);
  const start = chunk.write(size, 'latin1');
  CRLF.copy(chunk, start + length);
  return { chunk, room: chunk.subarray(start, start + length) };
}
