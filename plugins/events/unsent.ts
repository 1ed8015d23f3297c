import type { Socket } from 'node:net';

/**
 * Bytes that the system has not taken from a socket yet. Node counts them to tell a slow client from one
 * that is gone, and documents them nowhere: 0 where it does not tell.
 */
export function unsentBytes(socket: Socket | null | undefined): number {
  const handle: unknown = socket && Reflect.get(socket, '_handle');
  const isThere = typeof handle === 'object' && handle !== null;
  const size: unknown = isThere ? Reflect.get(handle, 'writeQueueSize') : 0;
  return typeof size === 'number' ? size : 0;
}
