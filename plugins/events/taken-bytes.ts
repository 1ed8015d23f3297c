import type { Socket } from 'node:net';

/**
 * Bytes that the system has taken from a socket since it was opened. Of a large write Node tells in its
 * public figures only once all of it has gone: what the kernel has taken meanwhile is on the handle, where
 * Node looks for it to tell a slow client from one that is gone, and which it documents nowhere.
 */
export function takenBytes(socket: Socket | null | undefined): number {
  if (!socket) return 0;
  const handle: unknown = Reflect.get(socket, '_handle');
  const written = numberOf(handle, 'bytesWritten');
  const queued = numberOf(handle, 'writeQueueSize');
  if (written !== undefined && queued !== undefined) return written - queued;
  // That of `inject()` counts nothing.
  return (numberOf(socket, 'bytesWritten') ?? 0) - socket.writableLength;
}

function numberOf(owner: unknown, name: string): number | undefined {
  if (typeof owner !== 'object' || owner === null) return undefined;
  const value: unknown = Reflect.get(owner, name);
  return typeof value === 'number' ? value : undefined;
}
