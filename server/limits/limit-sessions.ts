import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { nameOf } from './connections.ts';

interface Session extends EventEmitter {
  readonly socket: Socket;
  destroy(): void;
}

/** Requests that one HTTP/2 connection may have open: RFC 9113, 6.5.2 advises no fewer than 100. */
export const MAX_REQUESTS = 128;

/**
 * Ends HTTP/2 connections that do not come to a request in `timeout` milliseconds; 0 for any.
 *
 * @returns ends those that have had requests and have none open, and tells their names
 */
export function limitSessions(app: FastifyInstance, timeout: number): () => string[] {
  const idle = new Map<Session, string>();
  app.server.on('session', (session: Session) => {
    const name = nameOf(session.socket);
    const timer = timeout > 0 ? setTimeout(() => session.destroy(), timeout).unref() : undefined;
    let open = 0;
    session.on('stream', (stream: EventEmitter) => {
      clearTimeout(timer);
      idle.delete(session);
      open += 1;
      stream.once('close', () => {
        open -= 1;
        if (open === 0) idle.set(session, name);
      });
    });
    session.once('close', () => {
      clearTimeout(timer);
      // With the next turn: the last of its streams may be told of after it.
      setImmediate(() => idle.delete(session));
    });
  });
  return () => {
    const names = [...idle.values()];
    for (const session of idle.keys()) session.destroy();
    idle.clear();
    return names;
  };
}
