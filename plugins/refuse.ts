import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUpgrade } from './hosts/is-upgrade.ts';
import { ownHeaders } from './hosts/own-headers.ts';

/** Answers in plain text, and lets go of the connection: nothing more of it is looked at. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  text: string,
): FastifyReply {
  hangUpAfter(request, reply);
  return sayPlainly(reply, status, text);
}

/** Answers in plain text, which nobody keeps. */
export function sayPlainly(reply: FastifyReply, status: number, text: string): FastifyReply {
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
  // Node lets go of a socket once it emits 'upgrade', so nobody else ends a refused one in time.
  if (!isUpgrade(raw.headers)) return;
  const { socket } = reply.raw;
  reply.raw.once('finish', () => socket?.end(() => socket.destroy()));
}
