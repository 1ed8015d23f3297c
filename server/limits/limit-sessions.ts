import type { EventEmitter } from 'node:events';
import type { FastifyInstance } from 'fastify';

interface Session extends EventEmitter {
  destroy(): void;
}

/** Requests that one HTTP/2 connection may have open: RFC 9113, 6.5.2 advises no fewer than 100. */
export const MAX_REQUESTS = 128;

/** Ends HTTP/2 connections that do not come to a request in `timeout` milliseconds. */
export function limitSessions(app: FastifyInstance, timeout: number): void {
  if (timeout === 0) return;
  app.server.on('session', (session: Session) => {
    const timer = setTimeout(() => session.destroy(), timeout).unref();
    for (const event of ['stream', 'close']) session.once(event, () => clearTimeout(timer));
  });
}
