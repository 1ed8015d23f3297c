import type { IncomingHttpHeaders } from 'node:http';

/** What tells one state of a file from another. */
export interface Validators {
  /** A weak entity tag. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

const ENTITY_TAG = /(?:W\/)?("[^"]*")/g;

/**
 * What the conditions of a GET or HEAD request come to, in the order of RFC 9110, 13.2.2.
 * @returns `failed` for 412, `unchanged` for 304
 */
export function judgeConditions(
  headers: IncomingHttpHeaders,
  { etag, modified }: Validators,
): 'met' | 'failed' | 'unchanged' {
  const match = headers['if-match'];
  // "must use the strong comparison function": no weak tag is equal to any by that.
  if (match !== undefined && match.trim() !== '*') return 'failed';
  const unmodifiedSince = secondsOf(headers['if-unmodified-since']);
  if (match === undefined && seconds(modified) > unmodifiedSince) return 'failed';
  // A hard reload asks for no validation by us, as other servers have it too.
  if (/(?:^|,)\s*no-cache\s*(?:,|$)/i.test(headers['cache-control'] ?? '')) return 'met';
  const noneMatch = headers['if-none-match'];
  // "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match".
  if (noneMatch !== undefined) return names(noneMatch, etag) ? 'unchanged' : 'met';
  return seconds(modified) <= secondsOf(headers['if-modified-since'], Number.NEGATIVE_INFINITY)
    ? 'unchanged'
    : 'met';
}

/** Whether the rest of a file that was sent in part before may be sent. */
export function isSameRepresentation(ifRange: unknown, { modified }: Validators): boolean {
  if (ifRange === undefined) return true;
  // "MUST NOT use a weak entity tag": ours are. A date has to be exactly the one we sent.
  return secondsOf(String(ifRange), Number.NaN) === seconds(modified);
}

function names(list: string, etag: string): boolean {
  if (list.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...list.matchAll(ENTITY_TAG)].some(([, tag]) => tag === opaque);
}

// HTTP-date has no fractions of a second.
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** What is no date is as if it were not there. */
function secondsOf(date: string | undefined, missing = Number.POSITIVE_INFINITY): number {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? missing : seconds(time);
}
