import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { assume } from '../plugins/events/typed-events.ts';
import { answerMalformedUrl } from './own-answers.ts';
import type { Credentials } from './tls/make-certificate.ts';

export interface AppOptions {
  /** What TLS is spoken with; undefined for plain HTTP/1.1. */
  readonly credentials: Credentials | undefined;
  readonly logger: FastifyServerOptions['logger'];
}

/** The Fastify app of a dev server: plain HTTP/1.1, or over TLS HTTP/2 with HTTP/1.1 beside it. */
export async function createApp({ credentials, logger }: AppOptions): Promise<FastifyInstance> {
  const { fastify } = await import('fastify');
  const options = {
    logger: logger ?? false,
    // A browser's idle connections must not hold up Ctrl-C.
    forceCloseConnections: true,
    // A browser whose EventSource is answered 503 gives up for ever.
    return503OnClosing: false,
    frameworkErrors: answerMalformedUrl,
  };
  if (credentials === undefined) return fastify(options);
  // WebSockets need HTTP/1.1: browsers open a connection of its own for each.
  const https = { ...credentials, allowHTTP1: true, minVersion: 'TLSv1.2' } as const;
  // A plugin and a logger see the same on both, but for types that know which server they are on.
  const app = assume<FastifyInstance>(
    fastify({
      ...options,
      logger: assume<boolean>(options.logger),
      frameworkErrors: assume<never>(answerMalformedUrl),
      http2: true,
      https,
    }),
  );
  endHandshakes(app);
  return app;
}

/** Milliseconds that a closing server leaves to connections before it ends them. */
const GRACE = 500;

/** Ends, when `app` closes, connections that have not come to speak HTTP: no one else knows them. */
function endHandshakes(app: FastifyInstance): void {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', async () => {
    setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, GRACE).unref();
  });
}
