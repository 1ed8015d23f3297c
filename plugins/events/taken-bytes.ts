import type { Socket } from 'node:net';

/**
 * Bytes that the system has taken from a socket since it was opened. Of a large write Node tells in its
 * public figures only once all of it has gone: what the kernel has taken meanwhile is on the handle, where
 * Node looks for it to tell a slow client from one that is gone, and which it documents nowhere.
 */
export function takenBytes(socket: Socket | null | undefined): number {
  if (!socket) return 0;
  const handle = innermostHandle(socket);
  // That of `inject()` counts nothing.
  return handle
    ? handle.written - handle.queued
    : (numberOf(socket, 'bytesWritten') ?? 0) - socket.writableLength;
}

/** Whether the system has not taken yet what was written to a socket. */
export function isBackedUp(socket: Socket | null | undefined): boolean {
  const handle = socket && innermostHandle(socket);
  return handle ? handle.queued > 0 : false;
}

interface HandleFigures {
  readonly written: number;
  readonly queued: number;
}

function innermostHandle(socket: Socket): HandleFigures | undefined {
  const handle = property(socket, '_handle');
  // What TLS encrypts, all of a write at once, goes to the handle beneath it.
  return figuresOf(property(handle, '_parent')) ?? figuresOf(handle);
}

function figuresOf(handle: unknown): HandleFigures | undefined {
  const written = numberOf(handle, 'bytesWritten');
  const queued = numberOf(handle, 'writeQueueSize');
  return written === undefined || queued === undefined ? undefined : { written, queued };
}

function numberOf(owner: unknown, name: string): number | undefined {
  const value = property(owner, name);
  return typeof value === 'number' ? value : undefined;
}

function property(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined;
}
