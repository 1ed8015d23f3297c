import type { Socket } from 'node:net';

/**
 * Bytes that the system has taken from a socket since it was opened. Of a large write Node tells in its
 * public figures only once all of it has gone: what the kernel has taken meanwhile is on the handle, where
 * Node looks for it to tell a slow client from one that is gone, and which it documents nowhere.
 */
export function takenBytes(socket: Socket | null | undefined): number {
  if (!socket) return 0;
  const handle = property(socket, '_handle');
  // What TLS encrypts, all of a write at once, goes to the handle beneath it.
  const taken = takenFrom(property(handle, '_parent')) ?? takenFrom(handle);
  // That of `inject()` counts nothing.
  return taken ?? (numberOf(socket, 'bytesWritten') ?? 0) - socket.writableLength;
}

function takenFrom(handle: unknown): number | undefined {
  const written = numberOf(handle, 'bytesWritten');
  const queued = numberOf(handle, 'writeQueueSize');
  return written === undefined || queued === undefined ? undefined : written - queued;
}

function numberOf(owner: unknown, name: string): number | undefined {
  const value = property(owner, name);
  return typeof value === 'number' ? value : undefined;
}

function property(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined;
}
