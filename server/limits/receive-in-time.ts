import type { Http2ServerRequest, ServerHttp2Stream } from 'node:http2';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assume } from '../../plugins/events/typed-events.ts';
import { refuse } from './refuse.ts';

/** Milliseconds that each KiB of a request is worth: who sends faster is never cut off. */
const PER_KIBIBYTE = 1000;
/** Milliseconds between two looks. */
const INTERVAL = 1000;

interface Arrival {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Bytes that the connection had brought when the request began. */
  readonly bytesBefore: number;
  /** Milliseconds that it has had, but for those in which nobody took what had come. */
  elapsed: number;
}

/**
 * Ends requests whose body does not come in `timeout` milliseconds and what it is worth. Node's own
 * limit is one for the whole, however much there is to come: it would cut off uploads.
 */
export function receiveInTime(app: FastifyInstance, timeout: number): void {
  if (timeout === 0) return;
  const arriving = new Set<Arrival>();
  const interval = Math.min(INTERVAL, timeout / 4);
  const timer = setInterval(() => {
    for (const arrival of arriving) {
      if (isOver(arrival)) arriving.delete(arrival);
      else if (isLate(arrival, interval, timeout)) end(arrival);
    }
  }, interval).unref();
  app.addHook('onRequest', async (request, reply) => {
    if (!hasBody(request)) return;
    const bytesBefore = request.raw.socket.bytesRead;
    arriving.add({ request, reply, bytesBefore, elapsed: 0 });
  });
  app.addHook('onClose', async () => clearInterval(timer));
}

function hasBody({ raw }: FastifyRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': coding, upgrade } = raw.headers;
  if (raw.httpVersionMajor > 1) return !streamOf(raw).endAfterHeaders;
  return upgrade === undefined && (coding !== undefined || Number(length ?? 0) > 0);
}

function isOver({ request: { raw } }: Arrival): boolean {
  if (raw.httpVersionMajor === 1) return raw.complete || raw.destroyed;
  const stream = streamOf(raw);
  return stream.destroyed || stream.state.remoteClose === 1;
}

function streamOf(raw: FastifyRequest['raw']): ServerHttp2Stream {
  return assume<Http2ServerRequest>(raw).stream;
}

function isLate(arrival: Arrival, interval: number, timeout: number): boolean {
  const { raw } = arrival.request;
  // Full: it is the reader, e.g. an upstream, who is slow.
  if (raw.readableLength < raw.readableHighWaterMark) arrival.elapsed += interval;
  const kibibytes = (raw.socket.bytesRead - arrival.bytesBefore) / 1024;
  return arrival.elapsed > timeout + kibibytes * PER_KIBIBYTE;
}

function end({ request, reply }: Arrival): void {
  const { raw } = request;
  const breakOff = () => {
    if (raw.httpVersionMajor > 1) streamOf(raw).destroy();
    else raw.destroy();
  };
  if (reply.sent || reply.raw.headersSent) {
    breakOff();
  } else {
    reply.raw.once('finish', breakOff);
    refuse(request, reply, 408, 'The request took too long to come: requestTimeout is the limit');
  }
}
