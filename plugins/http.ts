import { InvalidOptionError, InvalidResponseError, ResponseSentError } from './errors.ts';
import { type AnyChannel, Channel, type EventsOf } from './events/channel.ts';
import type { ChannelHost } from './events/channel-host.ts';
import type { EventHub, EventHubOptions } from './events/event-hub.ts';
import { EventStream } from './events/event-stream.ts';
import { Hub } from './events/hub.ts';
import { lastEventId } from './events/last-event-id.ts';
import { closeWithClient, type HttpRequest, type HttpResponse, hasLeft } from './events/leaving.ts';
import {
  openStream,
  type StreamOptions,
  type StreamSource,
  sortSources,
} from './events/open-stream.ts';
import { headersOf } from './events/stream-headers.ts';
import { type AnyEvents, assume } from './events/typed-events.ts';
import { functionOption, stringOption } from './options.ts';

export type { AnyChannel, Channel, EventsOf } from './events/channel.ts';
export type { ChannelOptions, EventHub, EventHubOptions } from './events/event-hub.ts';
export type { EventStream } from './events/event-stream.ts';
export type { Stats } from './events/figures.ts';
export type { HttpRequest, HttpResponse } from './events/leaving.ts';
export type { Entry, EventMessage, EventText, Frame, StreamMessage } from './events/message.ts';
export type { ObservationListener, Observations } from './events/observers.ts';
export type { RequestContext, StreamOptions, StreamSource } from './events/open-stream.ts';
export type { Sink } from './events/outlet.ts';
export type { SnapshotEvents, SnapshotSource } from './events/snapshot.ts';
export type { EventSource } from './events/source.ts';
export type { AppendOptions, EventStore, Page, Tail } from './events/store.ts';
export { type MemoryStoreOptions, memoryStore } from './events/stores/memory.ts';
export type { ChannelStream } from './events/stream.ts';
export type { SinkOptions } from './events/subscribe-options.ts';
export type { Subscription } from './events/subscription.ts';
export type { ChannelEvent, MessageOf, SubscribeOptions } from './events/typed-events.ts';

/** Options of one stream: those of `reply.sse()`, and what Fastify would know by itself. */
export interface HttpStreamOptions<Events extends object = AnyEvents, State = unknown>
  extends StreamOptions<Events, State> {
  /** Whose limits and shutdown a stream without a channel is under. @default the hub of its channels */
  readonly hub?: EventHub | undefined;
  /**
   * Of the client, as `maxStreamsPerAddress` counts it: behind a proxy `req.ip` of Express or `ctx.ip`
   * of Koa. @default that of the socket
   */
  readonly address?: string | undefined;
  /** Hears of a source that has failed; the client does not. @default console.error */
  readonly onError?: ((error: Error) => void) | undefined;
}

type HttpSource<Request> = StreamSource<Request> | readonly StreamSource<Request>[];

/**
 * The channels of one store for a program without Fastify. Close it before its servers: it ends the
 * streams, which they would wait for.
 */
export function createEventHub(options: EventHubOptions = {}): EventHub {
  return new Hub(options);
}

/**
 * Answers a request of node:http, node:http2 (compatibility API) or Express with an event stream. The
 * head is written at the call: headers set before are kept. With Koa, set `ctx.respond = false` and
 * pass `ctx.req` and `ctx.res`.
 *
 * Throws, before it has written anything, a `DEV_SERVE_ERR_INVALID_OPTION`,
 * `DEV_SERVE_ERR_INVALID_SOURCE`, `DEV_SERVE_ERR_INVALID_RESPONSE` or `DEV_SERVE_ERR_RESPONSE_SENT`.
 */
export function eventStream<Channels extends AnyChannel | readonly AnyChannel[], State = unknown>(
  req: HttpRequest,
  res: HttpResponse,
  source: Channels,
  options?: HttpStreamOptions<EventsOf<Channels>, State>,
): EventStream<State>;
/** The same with other sources, or with none: then it is fed with `send()`. */
export function eventStream<Request extends HttpRequest, State = unknown>(
  req: Request,
  res: HttpResponse,
  source: HttpSource<Request> | undefined,
  options?: HttpStreamOptions<AnyEvents, State>,
): EventStream<State>;
export function eventStream(
  req: HttpRequest,
  res: HttpResponse,
  source: HttpSource<HttpRequest> | undefined,
  options: object = {},
): EventStream {
  const {
    hub: given,
    address,
    onError = console.error,
    ...streamOptions
  } = assume<HttpStreamOptions>(options);
  if (typeof req?.headers !== 'object' || typeof res?.writeHead !== 'function') {
    throw new InvalidResponseError();
  }
  if (res.headersSent || res.writableEnded) throw new ResponseSentError();
  const sources = sortSources(source);
  const hub = hubOf(sources.channels, given);
  const report = functionOption('onError', onError);
  const from = address === undefined ? addressOf(req) : stringOption('address', address);
  const isOver = req.method === 'HEAD' || hasLeft(req, res);
  const { stream, coding } = openStream(hub, sources, streamOptions, {
    request: req,
    response: res,
    acceptEncoding: req.headers['accept-encoding']?.toString(),
    lastEventId: lastEventId(req.headers, queryOf(req)),
    address: () => from,
    isOver,
    // Later, so that one that throws crashes the process and leaves no stream open.
    onError: (error) => queueMicrotask(() => report(error)),
  });
  // What is written to a client that leaves fails; the stream is closed by then.
  res.on('error', () => {});
  closeWithClient(stream, req, res);
  // Set one by one, a middleware that compresses or writes a log finds them by getHeader().
  const { draining } = hub.connections;
  const vary = res.getHeader('vary')?.toString();
  const head = headersOf({ httpVersionMajor: req.httpVersionMajor, draining, coding, vary });
  for (const [name, value] of Object.entries(head)) res.setHeader(name, value);
  res.statusCode = 200;
  if (EventStream.answer(stream, res, res.getHeaders())) return stream;
  if (!res.headersSent) res.writeHead(200);
  if (isOver) {
    stream.destroy();
    res.end();
  } else {
    send(stream, res);
  }
  return stream;
}

/** No hub of the whole process stands in: nobody would close it, and nobody could set its limits. */
function hubOf(channels: readonly AnyChannel[], given: EventHub | undefined): ChannelHost {
  const hub = channels.length > 0 ? Channel.hostOf(channels) : given;
  if (!(hub instanceof Hub)) {
    throw new InvalidOptionError(
      'hub',
      'is needed for a stream without a channel: make one with createEventHub()',
    );
  }
  if (given !== undefined && given !== hub) {
    throw new InvalidOptionError('hub', 'must be the one of the channels: leave it out');
  }
  return hub;
}

function queryOf({ url = '' }: HttpRequest): object {
  return Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?') + 1)));
}

/** Unknown once the client has gone. */
function addressOf({ socket }: HttpRequest): string {
  return socket?.remoteAddress ?? '';
}

function send(stream: EventStream, res: HttpResponse): void {
  // A stream that is broken off is not ended in good order: its client shall come back.
  stream.once('close', () => {
    if (!res.writableEnded) res.destroy();
  });
  stream.pipe(res);
}
