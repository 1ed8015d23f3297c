import { Readable } from 'node:stream';
import { InvalidOptionError, InvalidSourceError } from '../errors.ts';
import { functionOption, intervalOption, knownOptions, stringOption } from '../options.ts';
import { type AnyChannel, Channel } from './channel.ts';
import type { EventHub } from './event-hub.ts';
import type { EventSource } from './source.ts';
import { SSEConnection } from './sse-connection.ts';
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
  extends SubscribeOptions<Events> {
  /** Ends the stream then, e.g. when a token expires: a Date, or seconds since the Unix epoch. */
  readonly until?: Date | number | undefined;
  /** Ends the stream after so many milliseconds, less up to a fifth, so that not all come back at once. */
  readonly maxAge?: number | undefined;
  /** What the app wants to know of this client later, as `stream.state`. */
  readonly state?: State | undefined;
}

/** The request that a stream answers. */
export interface StreamRequest<Request> {
  readonly request: Request;
  readonly lastEventId: string | undefined;
  /** Of the client, as `maxStreamsPerAddress` counts it. */
  readonly address: string;
  /** Whether nothing but the head of the response is wanted, or nobody is there any more. */
  readonly isOver: boolean;
  onError(error: Error): void;
}

const SUBSCRIBE_OPTIONS = ['from', 'filter', 'snapshot', 'onLost'] as const;
const STREAM_OPTIONS = ['until', 'maxAge', 'state'] as const;
const MAX_DELAY = 2 ** 31 - 1;

/** Makes the stream that answers a request, fed by `source`. */
export function openStream<Request>(
  hub: EventHub,
  source: StreamSource<Request> | readonly StreamSource<Request>[] | undefined,
  options: StreamOptions,
  client: StreamRequest<Request>,
): SSEConnection {
  const { channels, others } = sort(source && [source].flat());
  knownOptions(
    options,
    channels.length > 0 ? [...STREAM_OPTIONS, ...SUBSCRIBE_OPTIONS] : STREAM_OPTIONS,
  );
  checkSubscribeOptions(options);
  const { until, maxAge, state, ...subscribeOptions } = options;
  const lifetime = lifetimeOf(until, maxAge);
  const { connections, figures } = hub;
  if (client.isOver || connections.draining || !hub.hasRoom(client.address, channels)) {
    for (const one of others) if (one instanceof Readable) one.destroy();
    // An EventSource that is answered with an error would never try again.
    const refused = new SSEConnection(state, connections.jitteredRetry, figures);
    refused.close();
    return refused;
  }
  const connection = new SSEConnection(state, hub.retry, figures);
  connections.add(connection, client.address);
  try {
    feed(connection, channels, others, subscribeOptions, client);
  } catch (error) {
    connection.terminate();
    throw error;
  }
  if (lifetime !== undefined) {
    const timer = setTimeout(() => connection.close(), lifetime).unref();
    connection.stream.once('close', () => clearTimeout(timer));
  }
  return connection;
}

function feed<Request>(
  connection: SSEConnection,
  channels: readonly AnyChannel[],
  others: readonly OtherSource<Request>[],
  options: SubscribeOptions,
  { request, lastEventId, onError }: StreamRequest<Request>,
): void {
  const { stream } = connection;
  const controller = new AbortController();
  stream.once('close', () => controller.abort());
  const context = { request, signal: controller.signal, lastEventId };
  for (const one of others) {
    const events = typeof one === 'function' ? made(() => one(context)) : one;
    if (!isAsyncIterable(events)) throw new InvalidSourceError();
    connection.take(events, onError);
  }
  if (channels.length === 0) return;
  connection.read(Channel.subscribe(channels, connection, { ...options, lastEventId, stream }));
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

function sort<Request>(sources: readonly StreamSource<Request>[] | undefined) {
  const channels: AnyChannel[] = [];
  const others: OtherSource<Request>[] = [];
  if (sources?.length === 0) throw new InvalidSourceError();
  for (const source of sources ?? []) {
    if (source instanceof Channel) channels.push(source);
    else if (typeof source === 'function' || isAsyncIterable(source)) others.push(source);
    else throw new InvalidSourceError();
  }
  return { channels, others };
}

function checkSubscribeOptions({ from, filter, snapshot, onLost }: StreamOptions): void {
  if (from !== undefined) stringOption('from', from);
  for (const [name, value] of Object.entries({ filter, snapshot, onLost })) {
    if (value !== undefined) functionOption(name, value);
  }
  if (from !== undefined && from !== 'now' && snapshot) {
    throw new InvalidOptionError('from', 'goes with no snapshot, which is of now: leave one out');
  }
}

/** Milliseconds after which a stream ends by itself. */
function lifetimeOf(until: StreamOptions['until'], maxAge: number | undefined): number | undefined {
  const ends: number[] = [];
  if (until !== undefined) {
    const time = until instanceof Date ? until.getTime() : until * 1000;
    if (!Number.isFinite(time)) {
      throw new InvalidOptionError('until', 'must be a Date, or seconds since the Unix epoch');
    }
    ends.push(Math.max(0, time - Date.now()));
  }
  if (maxAge !== undefined)
    ends.push(intervalOption('maxAge', maxAge, 1) * (1 - Math.random() / 5));
  return ends.length === 0 ? undefined : Math.min(...ends, MAX_DELAY);
}

function isAsyncIterable(value: unknown): value is EventSource {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
