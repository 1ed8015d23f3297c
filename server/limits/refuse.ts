import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownHeaders } from '../../plugins/hosts/own-headers.ts';

/** Answers in plain text before any route is looked at, and lets go of the connection. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  text: string,
): FastifyReply {
  hangUpAfter(request, reply);
  return reply
    .code(status)
    .headers({ ...ownHeaders, 'cache-control': 'no-store' })
    .type('text/plain; charset=utf-8')
    .send(`${text}\n`);
}

/** Ends the connection of an HTTP/1.1 request once the answer is out. */
export function hangUpAfter({ raw }: FastifyRequest, reply: FastifyReply): void {
  // RFC 9113, 8.2.2: "endpoints MUST NOT generate" Connection in HTTP/2.
  if (raw.httpVersionMajor > 1) return;
  reply.header('connection', 'close');
  // Node lets go of a socket once it emits 'upgrade', so nobody else ends a refused one.
  if (raw.headers.upgrade === undefined) return;
  const { socket } = reply.raw;
  reply.raw.once('finish', () => socket?.end(() => socket.destroy()));
}
