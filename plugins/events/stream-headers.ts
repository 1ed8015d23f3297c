/** The headers of every event stream. */
const streamHeaders = {
  'content-type': 'text/event-stream',
  // Compression that waits for more bytes would hold events back.
  'cache-control': 'no-cache, no-transform',
  // nginx would collect events before it sends them.
  'x-accel-buffering': 'no',
} as const;

/** The headers of an event stream that answers a request of this HTTP version. */
export function headersOf(
  httpVersionMajor: number,
  { draining }: { readonly draining: boolean },
): Readonly<Record<string, string>> {
  // A connection kept alive would keep a closing server waiting for its next request. "An endpoint
  // MUST NOT generate an HTTP/2 message containing connection-specific header fields" (RFC 9113).
  const mustClose = draining && httpVersionMajor < 2;
  return { ...streamHeaders, ...(mustClose && { connection: 'close' }) };
}
