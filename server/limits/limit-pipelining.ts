import type { FastifyInstance } from 'fastify';
import { requestHook } from '../../plugins/sync-hooks.ts';
import { OpenResponses } from './open-responses.ts';

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
  const responses = OpenResponses.of(app.server);
  responses.onOpen((socket) => {
    if (socket.destroyed || responses.waitingOn(socket) <= MAX_PIPELINED) return;
    onSurplus();
    socket.destroy();
  });
  // The rest of the packet is read all the same.
  const hook = requestHook(({ raw }, reply) => {
    if (raw.socket?.destroyed) return reply.hijack();
  });
  app.addHook('onRequest', hook);
}
