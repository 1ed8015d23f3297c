import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { assume } from '../../plugins/events/typed-events.ts';
import { refuse } from '../../plugins/refuse.ts';
import { CountedRequest } from './counted-request.ts';

/** Milliseconds that each KiB of a request is worth: who sends faster is never cut off. */
const PER_KIBIBYTE = 1000;
/** Milliseconds between two looks. */
const INTERVAL = 1000;

interface Arrival {
  readonly response: ServerResponse;
  /** Bytes that the connection had brought when the request began. */
  readonly bytesBefore: number;
  /** Milliseconds that it has had, but for those in which nobody took what had come. */
  elapsed: number;
  /** Milliseconds since it was answered. */
  answered: number;
  /** The app's, if it comes to know the request. */
  reply?: FastifyReply;
}

/**
 * Ends requests whose body does not come in `timeout` milliseconds and what it is worth. Node's own
 * limit is one for the whole, however much there is to come: it would cut off uploads.
 */
export function receiveInTime(app: FastifyInstance, timeout: number): void {
  if (timeout === 0) return;
  const arriving = new Map<IncomingMessage, Arrival>();
  const interval = Math.min(INTERVAL, timeout / 4);
  const timer = setInterval(() => {
    for (const [request, arrival] of arriving) {
      if (isOver(request)) arriving.delete(request);
      else if (isLate(request, arrival, interval, timeout)) end(request, arrival);
    }
  }, interval).unref();
  // Not in a hook: a path that cannot be read passes by all of them.
  app.server.prependListener('request', (request, response) => {
    if (!hasBody(request)) return;
    const bytesBefore = bytesOf(request);
    arriving.set(request, { response, bytesBefore, elapsed: 0, answered: 0 });
  });
  app.addHook('onRequest', (request, reply, done) => {
    const arrival = arriving.get(request.raw);
    if (arrival !== undefined) arrival.reply = reply;
    done();
  });
  app.addHook('onClose', async () => clearInterval(timer));
}

function hasBody(request: IncomingMessage): boolean {
  if (request.httpVersionMajor > 1) return !streamOf(request).endAfterHeaders;
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  return coding !== undefined || Number(length ?? 0) > 0;
}

function isOver(request: IncomingMessage): boolean {
  if (request.httpVersionMajor > 1) {
    const { destroyed, state } = streamOf(request);
    return destroyed || state.remoteClose === 1;
  }
  return request.complete || request.destroyed || request.socket.destroyed;
}

function streamOf(request: IncomingMessage): Http2ServerRequest['stream'] {
  return assume<Http2ServerRequest>(request).stream;
}

/** Of HTTP/2, a connection brings many requests at a time. */
function bytesOf(request: IncomingMessage): number {
  const counted: unknown = request;
  return counted instanceof CountedRequest ? counted.bytes : request.socket.bytesRead;
}

function isLate(
  request: IncomingMessage,
  arrival: Arrival,
  interval: number,
  timeout: number,
): boolean {
  // RFC 9112, 9.3: what is left of the body is only read to use the connection again.
  if (arrival.response.writableFinished) arrival.answered += interval;
  // Full: it is the reader, e.g. an upstream, who is slow.
  if (request.readableLength < request.readableHighWaterMark) arrival.elapsed += interval;
  const kibibytes = (bytesOf(request) - arrival.bytesBefore) / 1024;
  return arrival.answered > timeout || arrival.elapsed > timeout + kibibytes * PER_KIBIBYTE;
}

function end(request: IncomingMessage, { response, reply }: Arrival): void {
  const breakOff = () => {
    if (request.httpVersionMajor > 1) streamOf(request).destroy();
    else request.destroy();
  };
  if (reply === undefined || reply.sent || response.headersSent) {
    breakOff();
    return;
  }
  response.once('finish', breakOff);
  const text = 'The request took too long to come: requestTimeout is the limit';
  refuse(reply.request, reply, 408, text);
}
