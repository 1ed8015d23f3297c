import { memoize } from './memoize.ts';
import type { Entry } from './message.ts';

// WHATWG HTML 9.2.5: "end-of-line = ( cr lf / cr / lf )", so a lone CR ends a line of data too.
const LINE_END = /\r\n|\r|\n/;

/** Shape of one event on the wire; `id` and `event` must have been checked for line ends. */
export interface EventFields {
  readonly id?: string;
  readonly event: string;
  readonly data: string;
}

/**
 * One event in the text/event-stream format, with LF line ends and the blank line that fires it. The
 * id comes last: some clients take it as soon as its line is read, and would never ask again for an
 * event that is cut off behind it.
 */
export function encodeEvent({ id, event, data }: EventFields): string {
  const eventLine = event === 'message' || event === '' ? '' : `event: ${event}\n`;
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `${eventLine}data: ${data.split(LINE_END).join('\ndata: ')}\n${idLine}\n`;
}

/** A comment: keeps proxies awake and is ignored by clients. No blank line, since some clients take
 * the block in front of one for an empty event. */
export function encodeComment(text = ''): string {
  return `:${text.split(LINE_END).join('\n:')}\n`;
}

/** The reconnection time in milliseconds. No blank line either; clamped, since `retry: 0` makes
 * browsers reconnect in a hot loop. */
export function encodeRetry(milliseconds: number): string {
  return `retry: ${Math.max(100, Math.round(milliseconds))}\n`;
}

const encodeEntry = memoize((entry: Entry): Buffer => Buffer.from(encodeEvent(entry)));

/** The bytes of neighbouring entries, the same Buffer for every reader that gets the same slice. */
export const encodeSlice = memoize((slice: readonly Entry[]): Buffer => {
  const [first, ...others] = slice;
  if (first && others.length === 0) return encodeEntry(first);
  return Buffer.concat(slice.map(encodeEntry));
});
