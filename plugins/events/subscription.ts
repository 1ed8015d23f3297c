import type { CursorOptions } from './cursor-options.ts';
import type { Figures } from './figures.ts';
import type { EventText } from './message.ts';
import type { OutletHost, Sink } from './outlet.ts';
import type { ChannelStream } from './stream.ts';

/** One connection's reading of one or more channels. */
export interface Subscription {
  /** Undefined for a sink that is no stream. */
  readonly stream: ChannelStream | undefined;
  /** Names, in alphabetical order. */
  readonly channels: readonly string[];
  /** The sink has room: go on. */
  pump(): void;
  /** Tells the client a newer place to resume from, if it has one. Whether it did. */
  refresh(): boolean;
  /** Sends an event that is in no log, after everything that was published before it. */
  send(text: EventText): void;
  /** Ends the reading after what was published before, and the connection with it. */
  close(): void;
  /** The connection has ended. */
  end(): void;
}

/** What a stream needs that has sources of its own besides. */
export interface StreamSubscription extends Subscription {
  /** Whether something that was sent to this client alone waits for what was published before it. */
  readonly holds: boolean;
  /**
   * Writes what was published before and nothing after that, then calls `done`: at once, unless that has to
   * be read from the store or waits for its client, for which there is a quarter of a second. A snapshot is
   * broken off; asked by its own filter, nothing is written behind what that is asked for.
   */
  finish(done: () => void): void;
  /** As {@link send}, from a source that waits by itself: it is never too much. */
  give(text: EventText): void;
}

/** Is handed a subscription before anybody else hears of it. */
export type Begin = (subscription: StreamSubscription) => void;

/** Where subscriptions are kept and counted. */
export interface SubscriptionHost extends OutletHost {
  readonly figures: Figures;
  begun(subscription: StreamSubscription): void;
  lost(subscription: Subscription): void;
  /** It is read no more, but waits for what comes before its end. */
  lingers(subscription: StreamSubscription): void;
  ended(subscription: StreamSubscription): void;
}

/** Who reads, and how. */
export interface Subscriber {
  readonly sink: Sink;
  readonly stream: ChannelStream | undefined;
  /** Where it begins, and what gets through to it. */
  readonly place: CursorOptions;
  /** Hears of what fails. */
  onError(error: Error): void;
}
