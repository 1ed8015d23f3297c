import type { FastifyInstance, FastifyReply } from 'fastify';
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
  // Not async: hardly any request has something to wait for.
  app.addHook('onRequest', (request, reply, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead || !request.is404 || request.server !== app) return done();
    const answer = (isFile: boolean) => (isFile ? refuse(reply) : done());
    isServed(request.raw.url ?? '').then(answer, done);
  });
}

function refuse(reply: FastifyReply): void {
  // RFC 9110, 15.5.6: "MUST generate an Allow header field".
  reply
    .code(405)
    .headers({ ...ownHeaders, allow: ALLOWED })
    .type('text/plain; charset=utf-8')
    .send('A file can be read, and nothing else\n');
}

export default fp(readOnly, { fastify: '5.x', name: 'dev-serve-read-only' });
