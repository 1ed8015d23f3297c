import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { ownHeaders } from './hosts/own-headers.ts';

export interface ReadOnlyOptions {
  /** Whether a GET of this request-target would find something to read. */
  readonly isServed: (target: string) => Promise<boolean>;
}

const ALLOWED = 'GET, HEAD';

/**
 * Answers 405 where a file is asked to be anything but read, in place of the not-found handler of
 * the instance: those of scopes come first, as routes do, whatever their path. The body of the
 * request is left where it is.
 */
async function readOnly(app: FastifyInstance, { isServed }: ReadOnlyOptions): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404 || request.method === 'GET' || request.method === 'HEAD') return;
    if (request.server !== app || !(await isServed(request.raw.url ?? ''))) return;
    // RFC 9110, 15.5.6: "MUST generate an Allow header field".
    return reply
      .code(405)
      .headers({ ...ownHeaders, allow: ALLOWED })
      .type('text/plain; charset=utf-8')
      .send('A file can be read, and nothing else\n');
  });
}

export default fp(readOnly, { fastify: '5.x', name: 'dev-serve-read-only' });
