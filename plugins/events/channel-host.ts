import type { Connections } from './connections.ts';
import type { Figures } from './figures.ts';
import type { Entry, EventText } from './message.ts';
import type { Observers } from './observers.ts';
import type { Outbox } from './outbox.ts';
import type { AppendOptions } from './store.ts';
import type { Begin, Subscriber, Subscription } from './subscription.ts';

/** What a channel is a part of: for those who build on channels, not for those who use them. */
export interface ChannelHost {
  readonly lastEventId: string | undefined;
  readonly observers: Observers;
  readonly figures: Figures;
  readonly connections: Connections;
  readonly outbox: Outbox;
  /** Bytes that may wait for a client alone. */
  readonly maxUnread: number;
  /** Whether what this channel carries is compressed for clients that take it so. */
  isCompressed(channel: string): boolean;
  open(): Promise<void>;
  append(channel: string, event: EventText, options: AppendOptions): Promise<Entry>;
  subscribe(channels: readonly string[], subscriber: Subscriber, begin: Begin): Subscription;
  subscriptions(channel: string): ReadonlySet<Subscription>;
  /** Whether one more stream of these channels is taken; if not, it is counted as refused. */
  hasRoom(address: string, channels: readonly { readonly size: number }[]): boolean;
}
