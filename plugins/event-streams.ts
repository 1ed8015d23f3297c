import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidSourceError } from './errors.ts';
import { Channel } from './events/channel.ts';
import { EventStream } from './events/event-stream.ts';
import { lastEventId } from './events/last-event-id.ts';
import { type EventSource, SourceProducer } from './events/source.ts';

/** What a generator function is called with. */
export interface SourceContext {
  readonly request: FastifyRequest;
  /** Aborted in the tick in which the client leaves. */
  readonly signal: AbortSignal;
  /** Where the client asks to resume, as it came: treat it as hostile. */
  readonly lastEventId: string | undefined;
}

/** What an event stream can be fed from. */
export type SSESource = Channel | EventSource | ((context: SourceContext) => EventSource);

const waiting = new WeakMap<Socket, Set<EventStream>>();
/** How long a closing server waits for readers that take nothing, in milliseconds. */
const CLOSE_GRACE = 500;

/** The open event streams of a server: keeps them awake and ends them when it closes. */
export class EventStreams {
  readonly #streams = new Set<EventStream>();
  readonly #retry: number;
  readonly #heartbeat: NodeJS.Timeout;
  #closing = false;

  constructor(app: FastifyInstance, retry: number, heartbeatInterval: number) {
    this.#retry = retry;
    this.#heartbeat = setInterval(() => {
      for (const stream of this.#streams) stream.heartbeat();
    }, heartbeatInterval).unref();
    app.addHook('preClose', () => this.#close());
  }

  /** Makes the body of `reply`, and sets the headers that go with it. */
  open(reply: FastifyReply, source?: SSESource): EventStream {
    const stream = new EventStream(this.#retry);
    reply.header('content-type', 'text/event-stream');
    reply.header('cache-control', 'no-cache, no-transform');
    reply.header('x-accel-buffering', 'no');
    // A connection kept alive would keep a closing server waiting for its next request.
    if (this.#closing && reply.request.raw.httpVersionMajor < 2)
      reply.header('connection', 'close');
    // Fastify reads the body of a HEAD response for ever without closing it.
    if (this.#closing || reply.request.method === 'HEAD' || hasLeft(reply)) {
      if (source instanceof Readable) source.destroy();
      stream.close();
      return stream;
    }
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    closeWithClient(stream, reply);
    if (source !== undefined) connect(stream, source, reply.request);
    return stream;
  }

  async #close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#heartbeat);
    const ended = Array.from(this.#streams, closed);
    for (const stream of this.#streams) {
      // Spread, so that not all come back to the next server in the same moment.
      stream.retryAfter(this.#retry * (1 + Math.random()));
      stream.close();
    }
    const deadline = setTimeout(() => {
      for (const stream of this.#streams) stream.destroy();
    }, CLOSE_GRACE);
    await Promise.all(ended);
    clearTimeout(deadline);
  }
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

/** Lets `source` fill `stream`. */
function connect(stream: EventStream, source: SSESource, request: FastifyRequest): void {
  const id = lastEventId(request.headers, request.query);
  if (source instanceof Channel) {
    const cursor = source.subscribe(stream, id);
    stream.feed(cursor);
    stream.once('close', () => source.unsubscribe(cursor));
    return;
  }
  const events = typeof source === 'function' ? call(source, stream, request, id) : source;
  if (!isAsyncIterable(events)) throw new InvalidSourceError();
  const onError = (error: unknown) => request.log.error({ err: error }, 'event source failed');
  stream.feed(new SourceProducer(stream, events, onError));
}

function call(
  source: (context: SourceContext) => EventSource,
  stream: EventStream,
  request: FastifyRequest,
  id: string | undefined,
): EventSource {
  const controller = new AbortController();
  stream.once('close', () => controller.abort());
  return source({ request, signal: controller.signal, lastEventId: id });
}

function isAsyncIterable(value: unknown): value is EventSource {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function closed(stream: EventStream): Promise<void> {
  return new Promise((resolve) => stream.once('close', () => resolve()));
}
