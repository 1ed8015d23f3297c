import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../../plugins/refuse.ts';
import { requestHook } from '../../plugins/sync-hooks.ts';
import type { Limits } from './limits.ts';
import { faultOf } from './request-target.ts';

/** Answers requests whose head is not one to look at, before anything of `app` does. */
export function refuseRequests(
  app: FastifyInstance,
  { maxTargetLength, maxHeaderSize }: Pick<Limits, 'maxTargetLength' | 'maxHeaderSize'>,
): void {
  app.addHook(
    'onRequest',
    requestHook((request, reply) => {
      const fault = faultOf(request.raw.url ?? '', maxTargetLength);
      if (fault === 'too long') return refuse(request, reply, 414, 'The URL is too long');
      if (fault === 'malformed') return refuse(request, reply, 400, 'Malformed URL');
      // Of HTTP/1.1, Node's parser sees to it.
      if (request.raw.httpVersionMajor > 1 && headerSize(request) > maxHeaderSize) {
        return refuse(request, reply, 431, 'The headers are too long: maxHeaderSize is the limit');
      }
    }),
  );
}

function headerSize({ raw }: FastifyRequest): number {
  // As HTTP/1.1 would write them: ": " and the end of the line, of two.
  return raw.rawHeaders.reduce((size, text) => size + text.length + 2, 0);
}
