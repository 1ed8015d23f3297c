import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { nameOf } from './connections.ts';
import { endStalled, STALL_TIMEOUT } from './end-stalled.ts';
import type { IdleConnections } from './idle-connections.ts';

/** Requests that one HTTP/2 connection may have open: RFC 9113, 6.5.2 advises no fewer than 100. */
export const MAX_REQUESTS = 128;

/** Milliseconds that a connection that makes room has for what it still has to send. */
const PATIENCE = 1000;

interface SessionLimits {
  /** Milliseconds to the first request; 0 for any. */
  readonly timeout: number;
  /** Milliseconds in which something has to move. @default 60000 */
  readonly stallTimeout?: number | undefined;
  /** Where those that have had requests, and have none open, are kept. */
  readonly idle: IdleConnections;
}

/** Ends HTTP/2 connections that do not come to a request, and those whose client has stalled. */
export function limitSessions(
  app: FastifyInstance,
  { timeout, stallTimeout = STALL_TIMEOUT, idle }: SessionLimits,
): void {
  const sockets = new Map<string, Socket>();
  app.server.on('connection', (socket: Socket) => {
    const name = nameOf(socket);
    sockets.set(name, socket);
    socket.once('close', () => sockets.delete(name));
  });
  app.server.on('session', (session: ServerHttp2Session) => {
    const name = nameOf(session.socket);
    const end = () => {
      session.destroy();
      // Of itself, a session that is destroyed waits for what it has written to leave.
      sockets.get(name)?.destroy();
    };
    endStalled(session, stallTimeout, end);
    endUnused(session, timeout, end);
    watchIdle(session, name, end, idle);
  });
}

function endUnused(session: ServerHttp2Session, timeout: number, end: () => void): void {
  if (timeout === 0) return;
  let isUsed = false;
  const timer = setTimeout(() => {
    // A process that was stopped looks at its timers first, and only then at what has come.
    setImmediate(() => {
      if (!isUsed) end();
    });
  }, timeout).unref();
  session.once('stream', () => {
    isUsed = true;
    clearTimeout(timer);
  });
  session.once('close', () => clearTimeout(timer));
}

function watchIdle(
  session: ServerHttp2Session,
  name: string,
  end: () => void,
  idle: IdleConnections,
): void {
  let open = 0;
  const endSoon = () => {
    // RFC 9113, 6.8: a GOAWAY tells the client which requests to try again elsewhere.
    session.close();
    const timer = setTimeout(end, PATIENCE).unref();
    session.once('close', () => clearTimeout(timer));
  };
  session.on('stream', (stream: ServerHttp2Stream) => {
    idle.delete(session);
    open += 1;
    stream.once('close', () => {
      open -= 1;
      if (open === 0) idle.add(session, { name, isIdle: () => open === 0, end: endSoon });
    });
  });
  session.once('close', () => {
    // With the next turn: the last of its streams may be told of after it.
    setImmediate(() => idle.delete(session));
  });
}
