import { InvalidChannelNameError, InvalidEventFieldError, InvalidSourceError } from '../errors.ts';
import { functionOption, oneOf } from '../options.ts';
import type { ChannelHost } from './channel-host.ts';
import { checkFields, type StreamMessage, toEventText, toMessage } from './message.ts';
import { OBSERVATIONS, type ObservationListener, type Observations } from './observers.ts';
import type { Sink } from './outlet.ts';
import type { ChannelStream } from './stream.ts';
import { type SinkOptions, toCursorOptions, warn } from './subscribe-options.ts';
import type { Begin, Subscription } from './subscription.ts';
import { type AnyEvents, assume, type MessageOf } from './typed-events.ts';

const MAX_NAME_BYTES = 255;
const MAX_CHANNELS = 64;

/** A channel, whatever it carries: it can be read, and not published on. */
export interface AnyChannel {
  readonly name: string;
  readonly size: number;
}

/** What one or several channels carry: of several, a union. */
export type EventsOf<Channels> = Channels extends readonly (infer One)[]
  ? EventsOf<One>
  : Channels extends Channel<infer Events, unknown>
    ? Events
    : AnyEvents;

/**
 * A named log. Type its events, and the `state` of its streams, with
 * `app.channel<{ tick: { n: number } }, { user: string }>('prices')`.
 */
export class Channel<Events extends object = AnyEvents, State = unknown> implements AnyChannel {
  readonly name: string;
  readonly #host: ChannelHost;

  constructor(name: string, host: ChannelHost) {
    this.name = checkChannelName(name);
    this.#host = host;
  }

  /** Number of connections that read it, in this process. */
  get size(): number {
    return this.#host.subscriptions(this.name).size;
  }

  /** The streams that read it, in this process. */
  get streams(): readonly ChannelStream<State>[] {
    const subscriptions = [...this.#host.subscriptions(this.name)];
    return assume(subscriptions.flatMap(({ stream }) => stream ?? []));
  }

  /**
   * A place to resume from that has everything published so far behind it: what a page embeds.
   * Undefined until the log is open.
   */
  get lastEventId(): string | undefined {
    return this.#host.lastEventId;
  }

  /** Opens the log ahead of the first publish or subscribe. */
  open(): Promise<void> {
    return this.#host.open();
  }

  /**
   * Appends an event to the log; every reader gets it from there. Resolves to its id once stored.
   * With `log: false` it is not kept: who is connected gets it, and it never moves a resume position.
   * Throws a `DEV_SERVE_ERR_INVALID_EVENT_FIELD` at the call if the event cannot be written.
   */
  publish(message: MessageOf<Events>): Promise<string> {
    const event = toEventText(message);
    if ('id' in message)
      throw new InvalidEventFieldError('id', 'is given by the log: leave it out');
    checkFields(message, ['data', 'event', 'log']);
    if (!['boolean', 'undefined'].includes(typeof message.log))
      throw new InvalidEventFieldError('log', 'must be true or false');
    const volatile = message.log === false;
    return this.#host.append(this.name, event, { volatile }).then(({ id }) => id);
  }

  /**
   * Sends an event, in this process and unlogged, to those of the streams that `filter` names.
   * Returns their number.
   */
  send(message: StreamMessage | string, filter: (stream: ChannelStream<State>) => boolean): number {
    functionOption('filter', filter);
    toEventText(toMessage(message));
    return this.streams.filter((stream) => filter(stream) && stream.send(message)).length;
  }

  /** Calls `listener` for each of these observations, until {@link off}. */
  on<Name extends keyof Observations>(name: Name, listener: ObservationListener<Name>): this {
    oneOf('name', name, OBSERVATIONS);
    this.#host.observers.add(this.name, name, listener);
    return this;
  }

  off<Name extends keyof Observations>(name: Name, listener: ObservationListener<Name>): this {
    this.#host.observers.remove(this.name, name, listener);
    return this;
  }

  /** Feeds a sink of the app's own with this channel. */
  subscribe(sink: Sink, options: SinkOptions<Events> = {}): Subscription {
    return Channel.subscribe([this], sink, options);
  }

  /**
   * Feeds a sink with 1 to 64 channels of one store. `begin` is handed the subscription first of all:
   * who is told of it may send to its stream.
   */
  static subscribe<Events extends object>(
    channels: readonly AnyChannel[],
    sink: Sink,
    options: SinkOptions<Events> = {},
    begin: Begin = () => {},
  ): Subscription {
    const [first] = channels;
    const names =
      first && channels.length === 1
        ? [first.name]
        : [...new Set(channels.map(({ name }) => name))].sort();
    if (names.length > MAX_CHANNELS) {
      throw new InvalidSourceError(`takes at most ${MAX_CHANNELS} channels, not ${names.length}`);
    }
    const { stream, onError = warn } = options;
    const subscriber = { sink, stream, onError, place: toCursorOptions(options) };
    return Channel.hostOf(channels).subscribe(names, subscriber, begin);
  }

  /** What these channels are a part of: not for those who only use them. @internal */
  static hostOf(channels: readonly AnyChannel[]): ChannelHost {
    const [only] = channels;
    if (channels.length === 1 && only instanceof Channel) return only.#host;
    const hosts = new Set(channels.map((one) => (one instanceof Channel ? one.#host : undefined)));
    const [host] = hosts;
    if (hosts.size > 1) throw new InvalidSourceError('takes channels of one store, not of several');
    if (!host) throw new InvalidSourceError('needs a channel: make one with channel(name)');
    return host;
  }
}

function checkChannelName(name: string): string {
  const bytes = typeof name === 'string' ? Buffer.byteLength(name) : 0;
  if (bytes === 0 || bytes > MAX_NAME_BYTES || /\p{Cc}/u.test(name)) {
    throw new InvalidChannelNameError();
  }
  return name;
}
