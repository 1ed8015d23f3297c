import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EventHub } from './events/event-hub.ts';
import type { EventStream } from './events/event-stream.ts';
import { lastEventId } from './events/last-event-id.ts';
import {
  openStream,
  type RequestContext,
  type StreamOptions,
  type StreamSource,
} from './events/open-stream.ts';
import { streamHeaders } from './events/stream-headers.ts';

/** What a generator function is called with. */
export type SourceContext = RequestContext<FastifyRequest>;

/** What `reply.sse()` can be fed from. */
export type SSESource = StreamSource<FastifyRequest> | readonly StreamSource<FastifyRequest>[];

const waiting = new WeakMap<Socket, Set<EventStream>>();

/** Makes the body of `reply`, and sets the headers that go with it. */
export function replyStream(
  hub: EventHub,
  reply: FastifyReply,
  source: SSESource | undefined,
  options: StreamOptions = {},
): EventStream {
  const { request } = reply;
  const connection = openStream(hub, source, options, {
    request,
    lastEventId: lastEventId(request.headers, request.query),
    address: request.ip,
    // Fastify reads the body of a HEAD response for ever without closing it.
    isOver: request.method === 'HEAD' || hasLeft(reply),
    onError: (error) => request.log.error({ err: error }, 'event source failed'),
  });
  reply.headers(streamHeaders);
  // A connection kept alive would keep a closing server waiting for its next request.
  if (hub.connections.draining && request.raw.httpVersionMajor < 2)
    reply.header('connection', 'close');
  closeWithClient(connection.stream, reply);
  return connection.stream;
}

/** Ends the streams of `hub` when `app` closes. */
export function closeWithApp(hub: EventHub, app: FastifyInstance): void {
  let closed: Promise<void> | undefined;
  // Not waited for there: other hooks may have to act before the last client has gone.
  app.addHook('preClose', async () => {
    closed = hub.close();
  });
  app.addHook('onClose', async () => {
    await closed;
  });
}

/** Whether the client has gone already, while the handler was waiting for something. */
function hasLeft({ raw, request }: FastifyReply): boolean {
  // Over HTTP/2 the response alone does not tell.
  return raw.destroyed || request.raw.aborted || request.raw.socket?.destroyed === true;
}

/** A stream that is never returned, or whose client leaves before it is, is closed all the same. */
function closeWithClient(stream: EventStream, { raw, request }: FastifyReply): void {
  const leave = () => stream.destroy();
  raw.once('close', leave);
  // A response that waits behind another one has no socket yet, and is not told when that closes.
  if (raw.socket) return;
  const streams = waitingOn(request.raw.socket);
  streams.add(stream);
  stream.once('close', () => streams.delete(stream));
}

/** The streams that go with a socket: many, and one listener, since more would look like a leak. */
function waitingOn(socket: Socket): Set<EventStream> {
  const known = waiting.get(socket);
  if (known) return known;
  const streams = new Set<EventStream>();
  waiting.set(socket, streams);
  socket.once('close', () => {
    for (const stream of streams) stream.destroy();
  });
  return streams;
}
