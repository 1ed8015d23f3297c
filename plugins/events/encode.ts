import { BufferPool } from '../pooled-buffer.ts';
import { memoize } from './memoize.ts';
import type { EventText, Frame } from './message.ts';

// WHATWG HTML 9.2.5: "end-of-line = ( cr lf / cr / lf )", so a lone CR ends a line of data too.
const LINE_END = /\r\n|\r|\n/g;
const CRLF = Buffer.from('\r\n');
const SLAB = 2048;

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
export const encodeFrame = memoize((frame: Frame): Buffer => keepText(encodeEvent(frame)));

/** The bytes of a text, to be kept with an event, as a part of their chunk. */
export function keepText(text: string): Buffer {
  const room = roomInChunk(Buffer.byteLength(text));
  // Where a Node counts other than it writes, what is left would be somebody's memory.
  return room.write(text) === room.length ? room : keepBytes(Buffer.from(text));
}

/** A copy of bytes, to be kept with an event, as a part of their chunk. */
export function keepBytes(bytes: Buffer): Buffer {
  const room = roomInChunk(bytes.length);
  bytes.copy(room);
  return room;
}

/** Whether bytes may be kept as they are: they keep as little beside them as a copy would. */
export function mayBeKept(bytes: Buffer): boolean {
  return bytes.buffer.byteLength - bytes.length <= SLAB;
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
  return fillChunk(newChunk(bytes.length, Buffer.allocUnsafe), bytes);
}

/** The same, and the same Buffer for the same bytes. */
export const encodeChunk = memoize((bytes: Buffer): Buffer => {
  return fillChunk(newChunk(bytes.length, take), bytes);
});

/** For what is kept with its event, which may be the last of those beside it, for hours. */
const kept = new BufferPool(SLAB);
const take = (size: number): Buffer => kept.take(size);

function roomInChunk(length: number): Buffer {
  const { chunk, room } = newChunk(length, take);
  encodeChunk.remember(room, chunk);
  return room;
}

/** A chunk, and the room in it for so many bytes. */
interface NewChunk {
  readonly chunk: Buffer;
  readonly room: Buffer;
}

function newChunk(length: number, allocate: (size: number) => Buffer): NewChunk {
  // "chunk = chunk-size CRLF chunk-data CRLF", the size in hexadecimal (RFC 9112, 7.1).
  const size = `${length.toString(16)}\r\n`;
  const chunk = allocate(size.length + length + CRLF.length);
  const start = chunk.write(size, 'latin1');
  CRLF.copy(chunk, start + length);
  return { chunk, room: chunk.subarray(start, start + length) };
}

function fillChunk({ chunk, room }: NewChunk, bytes: Buffer): Buffer {
  bytes.copy(room);
  return chunk;
}
