import { Readable } from 'node:stream';
import { InvalidOptionError, InvalidSourceError } from '../errors.ts';
import { knownOptions } from '../options.ts';
import { type AnyChannel, Channel } from './channel.ts';
import type { ChannelHost } from './channel-host.ts';
import { acceptsGzip, type ContentCoding, identity, refused } from './content-coding.ts';
import type { HttpResponse } from './leaving.ts';
import { endingsOf, LIFETIME_OPTIONS, type LifetimeOptions } from './lifetime.ts';
import { SharedGzip } from './shared-gzip.ts';
import type { EventSource } from './source.ts';
import { SSEConnection } from './sse-connection.ts';
import { SUBSCRIBE_OPTIONS, toCursorOptions } from './subscribe-options.ts';
import type { AnyEvents, SubscribeOptions } from './typed-events.ts';

/** What a generator function is called with. */
export interface RequestContext<Request> {
  readonly request: Request;
  /** Aborted in the tick in which the client leaves. */
  readonly signal: AbortSignal;
  /** Where the client asks to resume, as it came: treat it as hostile. */
  readonly lastEventId: string | undefined;
}

/** One thing that an event stream can be fed from. */
export type StreamSource<Request> =
  | AnyChannel
  | EventSource
  | ((context: RequestContext<Request>) => EventSource | Promise<EventSource>);

type OtherSource<Request> = Exclude<StreamSource<Request>, AnyChannel>;

/** Options of one stream; those of a subscription need a channel. */
export interface StreamOptions<Events extends object = AnyEvents, State = unknown>
  extends SubscribeOptions<Events>,
    LifetimeOptions<State> {}

/** The request that a stream answers. */
export interface StreamRequest<Request> {
  readonly request: Request;
  /** Undefined where there is none to answer. */
  readonly response: HttpResponse | undefined;
  /** Its `Accept-Encoding`, as it came. */
  readonly acceptEncoding?: string | undefined;
  readonly lastEventId: string | undefined;
  /** Of the client, as `maxStreamsPerAddress` counts it; read only where that is set. */
  readonly address: () => string;
  /** Whether nothing but the head of the response is wanted, or nobody is there any more. */
  readonly isOver: boolean;
  onError(error: Error): void;
}

const KINDS = 'takes channels, async iterables, async generator functions, Readables or nothing';

/** What feeds one stream, by kind. */
export interface Sources<Request> {
  readonly channels: readonly AnyChannel[];
  readonly others: readonly OtherSource<Request>[];
}

/** Makes the stream that answers a request, fed by `sources` of `hub`. */
export function openStream<Request>(
  hub: ChannelHost,
  { channels, others }: Sources<Request>,
  options: StreamOptions,
  client: StreamRequest<Request>,
): SSEConnection {
  const { until, maxAge, state, ...subscribeOptions } = options ?? {};
  const endings = endingsOf(until, maxAge);
  if (channels.length === 0) checkNoSubscription(subscribeOptions);
  else if (Object.keys(subscribeOptions).length > 0) toCursorOptions(subscribeOptions);
  const { connections } = hub;
  const address = connections.countsAddresses ? client.address() : '';
  const coding = codingOf(hub, channels, subscribeOptions, client);
  const { response, onError } = client;
  const begin = (retry: number) =>
    new SSEConnection({ state, retry, coding, response }, hub, onError);
  if (client.isOver || connections.draining || !hub.hasRoom(address, channels)) {
    for (const one of others) if (one instanceof Readable) one.destroy();
    // An EventSource that is answered with an error would never try again.
    const refusal = begin(connections.jitteredRetry);
    refusal.close();
    return refusal;
  }
  const connection = begin(connections.retry);
  connections.add(connection, address, endings);
  try {
    feed(connection, channels, others, subscribeOptions, client);
  } catch (error) {
    connection.terminate();
    throw error;
  }
  return connection;
}

function codingOf(
  hub: ChannelHost,
  channels: readonly AnyChannel[],
  { filter }: SubscribeOptions,
  { acceptEncoding }: StreamRequest<unknown>,
): ContentCoding {
  const isWanted = channels.length > 0 && channels.every(({ name }) => hub.isCompressed(name));
  // What a filter lets through is made for one reader, and its length would tell of it.
  if (!isWanted || filter) return identity;
  return acceptsGzip(acceptEncoding) ? new SharedGzip() : refused;
}

function feed<Request>(
  connection: SSEConnection,
  channels: readonly AnyChannel[],
  others: readonly OtherSource<Request>[],
  options: SubscribeOptions,
  client: StreamRequest<Request>,
): void {
  const { stream } = connection;
  const { lastEventId, onError } = client;
  if (others.length > 0) takeAll(connection, others, client);
  if (channels.length === 0 || stream.destroyed) return;
  const place = { ...options, lastEventId, stream, onError };
  Channel.subscribe(channels, connection, place, (one) => connection.read(one));
}

function takeAll<Request>(
  connection: SSEConnection,
  sources: readonly OtherSource<Request>[],
  { request, lastEventId, onError }: StreamRequest<Request>,
): void {
  const controller = new AbortController();
  connection.stream.once('close', () => controller.abort());
  const context = { request, signal: controller.signal, lastEventId };
  for (const one of sources) {
    const events = typeof one === 'function' ? made(() => one(context)) : one;
    if (!isAsyncIterable(events)) throw new InvalidSourceError(`${KINDS}: the function gave none`);
    connection.take(events, onError);
  }
}

/** What a function returns. One that throws is a source that fails: its client shall not read why. */
function made(make: () => EventSource | Promise<EventSource>): EventSource {
  try {
    const events = make();
    return events instanceof Promise ? awaited(events) : events;
  } catch (error) {
    return {
      [Symbol.asyncIterator]() {
        throw error;
      },
    };
  }
}

async function* awaited(events: Promise<EventSource>) {
  yield* await events;
}

/** Throws a `DEV_SERVE_ERR_INVALID_SOURCE` for what a stream cannot be fed from. */
export function sortSources<Request>(
  source: StreamSource<Request> | readonly StreamSource<Request>[] | undefined,
): Sources<Request> {
  if (source instanceof Channel) return { channels: [source], others: [] };
  const channels: AnyChannel[] = [];
  const others: OtherSource<Request>[] = [];
  const all = source ? [source].flat() : [];
  if (source && all.length === 0) throw new InvalidSourceError('needs a source: the list is empty');
  for (const one of all) {
    if (one instanceof Channel) channels.push(one);
    else if (typeof one === 'function' || isAsyncIterable(one)) others.push(one);
    else throw new InvalidSourceError(KINDS);
  }
  return { channels, others };
}

function checkNoSubscription(options: object): void {
  const name = SUBSCRIBE_OPTIONS.find((one) => one in options);
  if (name) throw new InvalidOptionError(name, 'needs a channel to read from');
  knownOptions(options, LIFETIME_OPTIONS);
}

function isAsyncIterable(value: unknown): value is EventSource {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
