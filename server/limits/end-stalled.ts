import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';

/**
 * Milliseconds in which nothing moves on an HTTP/2 connection that is held up by its client: four
 * heartbeats of an event stream, and more than TCP needs to get over a short loss of the network.
 */
export const STALL_TIMEOUT = 60_000;

/**
 * Calls `end` once nothing has moved for `timeout` milliseconds and no request waits for us. Node
 * does not read while a write is pending, so it does not come to know that the client has gone.
 */
export function endStalled(session: ServerHttp2Session, timeout: number, end: () => void): void {
  const streams = new Set<ServerHttp2Stream>();
  session.on('stream', (stream: ServerHttp2Stream) => {
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
  });
  session.setTimeout(timeout);
  session.on('timeout', () => {
    // A process that was stopped looks at its timers first, and only then at what has come.
    setImmediate(() => {
      if (!session.destroyed && waitForUs(streams)) session.setTimeout(timeout);
      else end();
    });
  });
}

/** Whether it is the server that is slow, e.g. to answer, and not the client in taking an answer. */
function waitForUs(streams: ReadonlySet<ServerHttp2Stream>): boolean {
  let isAny = false;
  for (const { destroyed, writableEnded, writableLength } of streams) {
    if (destroyed) continue;
    if (writableLength > 0) return false;
    isAny ||= !writableEnded;
  }
  return isAny;
}
