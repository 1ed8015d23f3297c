import { withVary } from '../vary.ts';
import type { ContentCoding } from './content-coding.ts';

/** The headers of every event stream. */
const streamHeaders = {
  'content-type': 'text/event-stream',
  // Compression that waits for more bytes would hold events back.
  'cache-control': 'no-cache, no-transform',
  // nginx would collect events before it sends them.
  'x-accel-buffering': 'no',
} as const;

/** What the headers of an event stream depend on. */
export interface StreamHead {
  /** Of the request. */
  readonly httpVersionMajor: number;
  readonly draining: boolean;
  readonly coding: ContentCoding;
  /** What the response varies by already. */
  readonly vary: string | undefined;
}

/** The headers of an event stream. */
export function headersOf(head: StreamHead): Readonly<Record<string, string>> {
  const { httpVersionMajor, draining, coding, vary } = head;
  // A connection kept alive would keep a closing server waiting for its next request. "An endpoint
  // MUST NOT generate an HTTP/2 message containing connection-specific header fields" (RFC 9113).
  const mustClose = draining && httpVersionMajor < 2;
  if (!mustClose && !coding.isNegotiated) return streamHeaders;
  return {
    ...streamHeaders,
    ...(mustClose && { connection: 'close' }),
    ...(coding.name && { 'content-encoding': coding.name }),
    ...(coding.isNegotiated && { vary: withVary(vary, ['Accept-Encoding']) }),
  };
}
