import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { nameOf } from './connections.ts';
import type { IdleConnections } from './idle-connections.ts';
import { OpenResponses } from './open-responses.ts';

/**
 * Adds the HTTP/1.1 connections of `server` to `idle` when they have been answered. Node's own
 * closeIdleConnections() ends those too whose answer has been written and has still to leave.
 */
export function watchIdleSockets(server: Server, idle: IdleConnections): void {
  const responses = new OpenResponses();
  const known = new WeakSet();
  const watch = ({ socket, httpVersionMajor }: IncomingMessage, response: ServerResponse) => {
    if (httpVersionMajor > 1) return;
    const name = nameOf(socket);
    if (!known.has(socket)) {
      known.add(socket);
      socket.once('close', () => idle.delete(socket));
    }
    response.once('close', () => {
      if (socket.destroyed) return;
      const { bytesRead } = socket;
      idle.add(socket, {
        name,
        // More bytes: the beginning of a request, or a protocol that it was upgraded to.
        isIdle: () =>
          socket.bytesRead === bytesRead &&
          socket.writableLength === 0 &&
          !responses.areOpenOn(socket),
        end: () => socket.destroy(),
      });
    });
  };
  responses.watch(server);
  server.prependListener('request', watch);
  server.prependListener('checkExpectation', watch);
}
