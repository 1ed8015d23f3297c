import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ownHeaders } from '../plugins/hosts/own-headers.ts';
import { pageFiles } from '../plugins/page-files.ts';
import { malformedUrlPage, notFoundPage, serverErrorPage } from '../plugins/pages/messages.ts';
import { pageHeaders } from '../plugins/pages/page-headers.ts';
import { wantsPage } from '../plugins/pages/wants-page.ts';
import { hangUpAfter } from '../plugins/refuse.ts';
import { faultOf } from './limits/request-target.ts';
import { toldError } from './told-error.ts';

const textHeaders = { 'content-type': 'text/plain; charset=utf-8' };

/** What a dev server answers with where neither a file nor a route does: for `setNotFoundHandler`. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // What stands for a page that is not there waits for that one, and reloads for nothing else.
  pageFiles.set(request, '/404.html');
  answer(request, reply, 404, { page: () => notFoundPage, text: 'Not found\n' });
  return reply;
}

/**
 * For `setErrorHandler`: a browser is shown a page that tells nothing of the error, which is
 * logged; whoever else asks is answered as by Fastify, but for what tells of the disk.
 */
export function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = statusOf(error, reply);
  reply.headers(ownHeaders);
  if (status < 500 || !wantsPage(request.headers)) throw toldError(error, status);
  request.log.error({ req: request, res: reply, err: error }, error.message);
  answer(request, reply, status, { page: () => serverErrorPage(status), text: '' });
  return reply;
}

/** For the option `frameworkErrors`: what no route is looked up for. It passes by all hooks. */
export function answerMalformedUrl(maxTargetLength: number) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const isTooLong = faultOf(request.raw.url ?? '', maxTargetLength) === 'too long';
    const status = isTooLong ? 414 : (error.statusCode ?? 400);
    // Nobody takes the body that there may be.
    hangUpAfter(request, reply);
    if (status !== 414) {
      answer(request, reply, status, { page: () => malformedUrlPage, text: 'Malformed URL\n' });
      return;
    }
    const text = isTooLong ? 'The URL is too long\n' : 'A part of the URL is too long\n';
    answer(request, reply, status, { text });
  };
}

/** For the server's event `checkExpectation`, of which Node's own answer has no headers of ours. */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  // RFC 9113, 8.2.2: "endpoints MUST NOT generate" Connection in HTTP/2.
  if (request.httpVersionMajor === 1) response.setHeader('connection', 'close');
  response.writeHead(417, { ...ownHeaders, ...textHeaders }).end('Unknown expectation\n');
}

interface Answer {
  readonly page?: () => string;
  readonly text: string;
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  { page, text }: Answer,
): void {
  const isPage = page !== undefined && wantsPage(request.headers);
  reply.code(status);
  reply.headers({ ...ownHeaders, ...(isPage ? pageHeaders : textHeaders) });
  reply.send(isPage ? page() : text);
}

/** As Fastify judges it: what a route has set before it failed, else what the error says. */
function statusOf({ statusCode = 500 }: FastifyError, reply: FastifyReply): number {
  if (reply.statusCode >= 400) return reply.statusCode;
  return statusCode >= 400 ? statusCode : 500;
}
