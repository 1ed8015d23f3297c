import type { FastifyInstance, FastifyServerOptions } from 'fastify';

/** Paths of PEM files. */
export interface CertificateFiles {
  /** The certificate, followed by those that it is signed by. */
  readonly cert: string;
  /** The private key of the certificate. */
  readonly key: string;
}

export interface AppOptions {
  readonly https: boolean | CertificateFiles;
  /** Name or address that the server will listen on. */
  readonly host: string;
  readonly logger: FastifyServerOptions['logger'];
}

/** The Fastify app of a dev server: plain HTTP/1.1, or HTTP/2 with HTTP/1.1 beside it over TLS. */
export async function createApp({ logger }: AppOptions): Promise<FastifyInstance> {
  const { fastify } = await import('fastify');
  return fastify({
    logger: logger ?? false,
    // A browser's idle connections must not hold up Ctrl-C.
    forceCloseConnections: true,
    // A browser whose EventSource is answered 503 gives up for ever.
    return503OnClosing: false,
  });
}
