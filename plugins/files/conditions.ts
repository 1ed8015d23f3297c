import type { IncomingHttpHeaders } from 'node:http';
import { parseHttpDate } from './http-date.ts';

/** What tells one state of a file from another. */
export interface Validators {
  /** A weak entity tag. */
  readonly etag: string;
  /** Milliseconds since the epoch; NaN if it is not known. */
  readonly modified: number;
}

const ENTITY_TAG = /(?:W\/)?("[^"]*")/g;

/**
 * What the conditions of a GET or HEAD request come to, in the order of RFC 9110, 13.2.2.
 * @param now of the answer, in milliseconds since the epoch
 * @returns `failed` for 412, `unchanged` for 304
 */
export function judgeConditions(
  headers: IncomingHttpHeaders,
  { etag, modified }: Validators,
  now = Date.now(),
): 'met' | 'failed' | 'unchanged' {
  const match = headers['if-match'];
  // "must use the strong comparison function": no weak tag is equal to any by that.
  if (match !== undefined && match.trim() !== '*') return 'failed';
  // What is no HTTP-date is NaN, and so ignored, as "MUST ignore" has it: nothing is more or less.
  const unmodifiedSince = secondsOf(headers['if-unmodified-since'], now);
  if (match === undefined && seconds(modified) > unmodifiedSince) return 'failed';
  // A hard reload asks for no validation by us, as other servers have it too.
  if (/(?:^|,)\s*no-cache\s*(?:,|$)/i.test(headers['cache-control'] ?? '')) return 'met';
  const noneMatch = headers['if-none-match'];
  // "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match".
  if (noneMatch !== undefined) return names(noneMatch, etag) ? 'unchanged' : 'met';
  const modifiedSince = secondsOf(headers['if-modified-since'], now);
  return seconds(modified) <= modifiedSince ? 'unchanged' : 'met';
}

/**
 * Whether the rest of a file that was sent in part before may be sent.
 * @param now of the answer, in milliseconds since the epoch
 */
export function isSameRepresentation(
  ifRange: unknown,
  { modified }: Validators,
  now = Date.now(),
): boolean {
  if (ifRange === undefined) return true;
  // "MUST NOT use a weak entity tag": ours are. A date has to be exactly the one we sent, and is
  // weak until "at least one second after the Last-Modified value": the file may change in it.
  const isStrong = seconds(now) > seconds(modified);
  return isStrong && secondsOf(String(ifRange), now) === seconds(modified);
}

function names(list: string, etag: string): boolean {
  if (list.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...list.matchAll(ENTITY_TAG)].some(([, tag]) => tag === opaque);
}

// HTTP-date has no fractions of a second.
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

const secondsOf = (date: string | undefined, now: number) =>
  date === undefined ? Number.NaN : seconds(parseHttpDate(date, now) ?? Number.NaN);
