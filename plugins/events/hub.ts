import { booleanOption, knownOptions } from '../options.ts';
import { Channel } from './channel.ts';
import type { ChannelHost } from './channel-host.ts';
import { Connections } from './connections.ts';
import type { ChannelOptions, EventHub, EventHubOptions } from './event-hub.ts';
import { formatEventId } from './event-id.ts';
import { Figures, type Stats } from './figures.ts';
import { hubSettings } from './hub-settings.ts';
import { Log } from './log.ts';
import type { Entry, EventText } from './message.ts';
import { Observers } from './observers.ts';
import { Outbox } from './outbox.ts';
import { Reading } from './reading.ts';
import type { AppendOptions, EventStore } from './store.ts';
import { memoryStore } from './stores/memory.ts';
import type {
  Begin,
  StreamSubscription,
  Subscriber,
  Subscription,
  SubscriptionHost,
} from './subscription.ts';
import { type AnyEvents, assume } from './typed-events.ts';

const NOBODY: ReadonlySet<Subscription> = new Set();

/** An {@link EventHub} with what its parts need of one another. */
export class Hub implements EventHub, ChannelHost, SubscriptionHost {
  readonly figures = new Figures();
  readonly observers = new Observers();
  readonly outbox = new Outbox();
  readonly connections: Connections;
  readonly maxUnread: number;
  readonly #store: EventStore;
  readonly #ownsStore: boolean;
  readonly #log: Log;
  readonly #maxPerChannel: number;
  readonly #onRefused: () => void;
  readonly #compressed = new Set<string>();
  readonly #channels = new Map<string, WeakRef<Channel>>();
  readonly #forgotten = new FinalizationRegistry((name: string) => this.#forget(name));
  readonly #subscriptions = new Map<string, Set<StreamSubscription>>();
  readonly #lingering = new Set<StreamSubscription>();
  #closed: Promise<void> | undefined;

  /** @param onRefused called for each stream that is one too many */
  constructor(options: EventHubOptions = {}, onRefused: () => void = () => {}) {
    const settings = hubSettings(options);
    this.#onRefused = onRefused;
    this.#maxPerChannel = settings.maxStreamsPerChannel;
    this.maxUnread = settings.maxUnread;
    this.#store = settings.store ?? memoryStore();
    this.#ownsStore = settings.store === undefined;
    this.#log = new Log(this.#store, this.outbox);
    this.connections = new Connections(settings, this.figures);
  }

  channel<Events extends object = AnyEvents, State = unknown>(
    name: string,
    options: ChannelOptions = {},
  ): Channel<Events, State> {
    const known = this.#channels.get(name)?.deref();
    const channel = known ?? new Channel(name, this);
    this.#setCompression(name, options);
    if (known) return assume(known);
    // Ten thousand channels that were used once are not kept.
    this.#channels.set(name, new WeakRef(channel));
    this.#forgotten.register(channel, name);
    return assume(channel);
  }

  isCompressed(channel: string): boolean {
    return this.#compressed.has(channel);
  }

  get lastEventId(): string | undefined {
    const { epoch, head } = this.#log;
    return epoch === undefined ? undefined : formatEventId(epoch, head);
  }

  open(): Promise<void> {
    return this.#log.open();
  }

  async append(channel: string, event: EventText, options: AppendOptions): Promise<Entry> {
    const entry = await this.#log.append(channel, event, options);
    this.figures.publishes += 1;
    this.observers.tell('publish', { channel, id: entry.id, event: entry.event });
    return entry;
  }

  subscribe(channels: readonly string[], subscriber: Subscriber, begin: Begin): Subscription {
    return new Reading(this.#log, channels, subscriber, this, begin);
  }

  begun(subscription: StreamSubscription): void {
    for (const channel of subscription.channels) this.#add(channel, subscription);
    this.#tell('subscribe', subscription);
  }

  lost(subscription: Subscription): void {
    this.figures.lost += 1;
    this.#tell('lost', subscription);
  }

  lingers(subscription: StreamSubscription): void {
    this.#lingering.add(subscription);
    this.#leave(subscription);
  }

  ended(subscription: StreamSubscription): void {
    if (!this.#lingering.delete(subscription)) this.#leave(subscription);
  }

  #leave(subscription: StreamSubscription): void {
    for (const channel of subscription.channels) this.#remove(channel, subscription);
    this.#tell('unsubscribe', subscription);
  }

  subscriptions(channel: string): ReadonlySet<Subscription> {
    return this.#subscriptions.get(channel) ?? NOBODY;
  }

  hasRoom(address: string, channels: readonly { readonly size: number }[]): boolean {
    const isFull = channels.some(({ size }) => size >= this.#maxPerChannel);
    if (!isFull && this.connections.hasRoom(address)) return true;
    this.figures.refused += 1;
    this.#onRefused();
    return false;
  }

  stats(): Stats {
    const { connections, figures } = this;
    return { streams: connections.size, channels: this.#subscriptions.size, ...figures };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const channel of this.observers.channels) this.observers.tell('close', { channel });
    await this.connections.drain();
    // What is left are sinks of the app's own.
    await Promise.all(Array.from(this.#remaining(), closed));
    // And those that have come meanwhile.
    for (const subscription of this.#remaining()) subscription.close();
    this.#log.close();
    if (this.#ownsStore) await this.#store.close();
  }

  #remaining(): ReadonlySet<StreamSubscription> {
    const reading = [...this.#subscriptions.values()].flatMap((all) => [...all]);
    return new Set([...reading, ...this.#lingering]);
  }

  #setCompression(channel: string, options: ChannelOptions): void {
    knownOptions(options, ['compress']);
    if (options.compress === undefined) return;
    if (booleanOption('compress', options.compress)) this.#compressed.add(channel);
    else this.#compressed.delete(channel);
  }

  #tell(name: 'subscribe' | 'lost' | 'unsubscribe', { channels, stream }: Subscription): void {
    for (const channel of channels) this.observers.tell(name, { channel, stream });
  }

  #add(channel: string, subscription: StreamSubscription): void {
    const subscriptions = this.#subscriptions.get(channel) ?? new Set();
    this.#subscriptions.set(channel, subscriptions.add(subscription));
  }

  #remove(channel: string, subscription: StreamSubscription): void {
    const subscriptions = this.#subscriptions.get(channel);
    subscriptions?.delete(subscription);
    if (subscriptions?.size === 0) this.#subscriptions.delete(channel);
  }

  #forget(name: string): void {
    // One of that name may have been made since.
    if (!this.#channels.get(name)?.deref()) this.#channels.delete(name);
  }
}

function closed(subscription: StreamSubscription): Promise<void> {
  return new Promise((resolve) => {
    subscription.close();
    subscription.finish(resolve);
  });
}
