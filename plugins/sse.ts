import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError, InvalidSourceError } from './errors.ts';
import { Channel } from './events/channel.ts';
import { EventStream } from './events/event-stream.ts';
import { lastEventId } from './events/last-event-id.ts';
import { type EventSource, SourceProducer } from './events/source.ts';
import type { EventStore } from './events/store.ts';
import { memoryStore } from './events/stores/memory.ts';
import { integerOption } from './options.ts';

export type { Channel } from './events/channel.ts';
export type { EventStream } from './events/event-stream.ts';
export type { EventMessage, StreamMessage } from './events/message.ts';
export type { EventSource } from './events/source.ts';
export type { EventStore } from './events/store.ts';
export { memoryStore } from './events/stores/memory.ts';

export interface SSEOptions {
  /** Where channels keep their events. A store that is passed in is not closed with the server. @default memoryStore() */
  readonly store?: EventStore;
  /** Reconnection time for clients, in milliseconds, at least 100. @default 1000 */
  readonly retry?: number;
  /** Milliseconds between comments on idle streams. @default 15_000 */
  readonly heartbeatInterval?: number;
}

/** What a generator function is called with. */
export interface SourceContext {
  readonly request: FastifyRequest;
  /** Aborted in the tick in which the client leaves. */
  readonly signal: AbortSignal;
  /** Where the client asks to resume, as it came: treat it as hostile. */
  readonly lastEventId: string | undefined;
}

/** What `reply.sse()` can send. */
export type SSESource = Channel | EventSource | ((context: SourceContext) => EventSource);

declare module 'fastify' {
  interface FastifyInstance {
    /** The channel of this name: the same one for everybody who asks. */
    channel(name: string): Channel;
  }
  interface FastifyReply {
    /** An event stream to return from the handler; without a source it is fed with `send()`. */
    sse(source?: SSESource): EventStream;
  }
}

/** How long a closing server waits for readers that take nothing, in milliseconds. */
const CLOSE_GRACE = 500;

async function plugin(app: FastifyInstance, options: SSEOptions): Promise<void> {
  const retry = integerOption('retry', options.retry ?? 1000, 100);
  const interval = integerOption('heartbeatInterval', options.heartbeatInterval ?? 15_000, 1);
  const store = storeOption(options.store) ?? memoryStore();
  const channels = new Map<string, Channel>();
  const streams = new Set<EventStream>();
  let closing = false;

  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.heartbeat();
  }, interval).unref();

  app.decorate('channel', (name: string): Channel => {
    const known = channels.get(name);
    if (known) return known;
    const channel = new Channel(name, store);
    channels.set(name, channel);
    return channel;
  });

  app.decorateReply('sse', function (this: FastifyReply, source?: SSESource): EventStream {
    const stream = new EventStream(retry);
    this.header('content-type', 'text/event-stream');
    this.header('cache-control', 'no-cache, no-transform');
    this.header('x-accel-buffering', 'no');
    // A connection kept alive would keep a closing server waiting for its next request.
    if (closing && this.request.raw.httpVersionMajor < 2) this.header('connection', 'close');
    // Fastify reads the body of a HEAD response for ever without closing it.
    if (closing || this.request.method === 'HEAD') {
      if (source instanceof Readable) source.destroy();
      stream.close();
      return stream;
    }
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    // A stream that is never returned, or whose client leaves before it is, is closed all the same.
    this.raw.once('close', () => stream.destroy());
    if (source !== undefined) connect(stream, source, this.request);
    return stream;
  });

  app.addHook('preClose', async () => {
    closing = true;
    clearInterval(heartbeat);
    for (const channel of channels.values()) channel.close();
    const ended = Array.from(streams, closed);
    for (const stream of streams) stream.close();
    const deadline = setTimeout(() => {
      for (const stream of streams) stream.destroy();
    }, CLOSE_GRACE);
    await Promise.all(ended);
    clearTimeout(deadline);
  });

  app.addHook('onClose', async () => {
    if (options.store === undefined) await store.close();
  });
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

function storeOption(store: EventStore | undefined): EventStore | undefined {
  const isStore = store === undefined || typeof store?.append === 'function';
  if (!isStore) throw new InvalidOptionError('store', 'must be an event store, e.g. memoryStore()');
  return store;
}

const sse = fp(plugin, { name: 'dev-serve-sse', fastify: '5.x' });
export default sse;
