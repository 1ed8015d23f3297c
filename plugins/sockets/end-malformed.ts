import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isMalformed } from './is-malformed.ts';

/** Fastify answers 400 to a malformed path and runs no hook that could end the socket. */
export function endMalformed({ url = '' }: IncomingMessage, socket: Duplex): void {
  if (isMalformed(url)) endSocket(socket);
}

/** Ends the socket of an upgrade behind the answer that this turn writes. */
export function endSocket(socket: Duplex): void {
  setImmediate(() => socket.end(() => socket.destroy()));
}
