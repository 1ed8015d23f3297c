import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { nameOf } from './connections.ts';
import type { IdleConnections } from './idle-connections.ts';
import { OpenResponses } from './open-responses.ts';

/**
 * Adds the HTTP/1.1 connections of `server` to `idle` when they have been answered. Node's own
 * closeIdleConnections() ends those too whose answer has been written and has still to leave.
 */
export function watchIdleSockets(server: Server, idle: IdleConnections): void {
  const names = new WeakMap<Socket, string>();
  OpenResponses.of(server).onClose((socket) => {
    if (socket.destroyed || OpenResponses.of(server).areOpenOn(socket)) return;
    const name = names.get(socket) ?? nameOf(socket);
    if (!names.has(socket)) socket.once('close', () => idle.delete(socket));
    names.set(socket, name);
    const { bytesRead } = socket;
    idle.add(socket, {
      name,
      // More bytes: of a next request, or of a protocol that the connection was upgraded to.
      isIdle: () => socket.bytesRead === bytesRead && socket.writableLength === 0,
      end: () => socket.destroy(),
    });
  });
}
