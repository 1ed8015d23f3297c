/** The headers of every event stream. */
export const streamHeaders = {
  'content-type': 'text/event-stream',
  // Compression that waits for more bytes would hold events back.
  'cache-control': 'no-cache, no-transform',
  // nginx would collect events before it sends them.
  'x-accel-buffering': 'no',
} as const;
