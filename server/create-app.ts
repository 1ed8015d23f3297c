import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { assume } from '../plugins/events/typed-events.ts';
import { answerClientError, type ClientError } from './limits/client-error.ts';
import { CountedRequest } from './limits/counted-request.ts';
import { MAX_REQUESTS } from './limits/limit-sessions.ts';
import type { Limits } from './limits/limits.ts';
import { OpenResponses } from './limits/open-responses.ts';
import { answerMalformedUrl, refuseExpectation } from './own-answers.ts';
import type { Credentials } from './tls/make-certificate.ts';

export interface AppOptions {
  /** What TLS is spoken with; undefined for plain HTTP/1.1. */
  readonly credentials: Credentials | undefined;
  readonly logger: FastifyServerOptions['logger'];
  readonly limits: Limits;
}

/** The Fastify app of a dev server: plain HTTP/1.1, or over TLS HTTP/2 with HTTP/1.1 beside it. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const responses = new OpenResponses();
  const app = await bareApp(options, responses);
  responses.watch(app.server);
  app.server.on('checkExpectation', refuseExpectation);
  return app;
}

async function bareApp(
  { credentials, logger, limits }: AppOptions,
  responses: OpenResponses,
): Promise<FastifyInstance> {
  const { default: fastify } = await import('fastify');
  const answerUnreadable = answerMalformedUrl(limits.maxTargetLength);
  const options = {
    logger: logger ?? false,
    // A browser's idle connections must not hold up Ctrl-C.
    forceCloseConnections: true,
    // A browser whose EventSource is answered 503 gives up for ever.
    return503OnClosing: false,
    frameworkErrors: answerUnreadable,
    clientErrorHandler: (error: ClientError, socket: Socket) =>
      answerClientError(error, socket, responses),
  };
  // A request without a Host is refused as one with a wrong Host is, not by Node.
  if (credentials === undefined) return fastify({ ...options, http: { requireHostHeader: false } });
  // WebSockets need HTTP/1.1: browsers open a connection of its own for each.
  const https = {
    ...{ ...credentials, allowHTTP1: true, minVersion: 'TLSv1.2' as const },
    ...{
      handshakeTimeout: limits.headersTimeout,
      settings: { maxConcurrentStreams: MAX_REQUESTS },
      Http2ServerRequest: CountedRequest,
    },
  };
  // A plugin and a logger see the same on both, but for types that know which server they are on.
  return assume<FastifyInstance>(
    fastify({
      ...options,
      logger: assume<boolean>(options.logger),
      frameworkErrors: assume<never>(answerUnreadable),
      http2: true,
      https,
    }),
  );
}
