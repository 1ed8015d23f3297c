import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Requests that one HTTP/1.1 connection may have waiting for an answer. Browsers send one and wait,
 * tools a handful; one packet has room for thousands, and each that is for a file opens it.
 */
export const MAX_PIPELINED = 16;

/**
 * Ends connections that send more requests than `MAX_PIPELINED` ahead of the answers: all that they
 * wait for would be kept until they read it. RFC 9112, 9.3.2: the client "SHOULD retry unanswered
 * requests if the connection closes".
 *
 * @param onSurplus called for each connection that is ended
 */
export function limitPipelining(app: FastifyInstance, onSurplus: () => void): void {
  const waiting = new WeakMap<object, readonly ServerResponse[]>();
  const count = ({ socket, httpVersionMajor }: IncomingMessage, response: ServerResponse) => {
    if (httpVersionMajor > 1 || socket.destroyed) return;
    // Looked at, not listened to: a response has as many listeners as Node takes for no leak.
    const open = (waiting.get(socket) ?? []).filter(({ writableFinished }) => !writableFinished);
    waiting.set(socket, [...open, response]);
    if (open.length < MAX_PIPELINED) return;
    onSurplus();
    socket.destroy();
  };
  app.server.prependListener('request', count);
  app.server.prependListener('checkExpectation', count);
  // The rest of the packet is read all the same.
  app.addHook('onRequest', async ({ raw }, reply) => {
    if (raw.socket?.destroyed) reply.hijack();
  });
}
