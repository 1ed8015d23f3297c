import type { Channel } from './channel.ts';
import type { Stats } from './figures.ts';
import type { EventStore } from './store.ts';
import type { AnyEvents } from './typed-events.ts';

/** The channels of one store and everybody who reads them in this process. */
export interface EventHub {
  /**
   * A place to resume from that has everything published so far, on all channels, behind it. Undefined
   * until the log is open.
   */
  readonly lastEventId: string | undefined;
  /** The channel of this name: the same one for everybody who asks. */
  channel<Events extends object = AnyEvents, State = unknown>(
    name: string,
    options?: ChannelOptions,
  ): Channel<Events, State>;
  /** Opens the log ahead of the first publish or subscribe. */
  open(): Promise<void>;
  stats(): Stats;
  /** Ends every stream, each with a time to come back, and stops following the store. */
  close(): Promise<void>;
}

/** Of a channel, for everybody who asks for it by name: what one has said stays said. */
export interface ChannelOptions {
  /**
   * Compresses its events, each once for all readers, for the event streams of clients that accept
   * gzip. For what everybody may read: see docs/production.md. @default false
   */
  readonly compress?: boolean | undefined;
}

export interface EventHubOptions {
  /** Where channels keep their events. A store that is passed in is not closed with the server. @default memoryStore() */
  readonly store?: EventStore | undefined;
  /**
   * Reconnection time for clients, in milliseconds, at least 100. Where there are ten streams and more,
   * each is told another time between one and two times as long. @default 1000
   */
  readonly retry?: number | undefined;
  /**
   * Milliseconds between comments on idle streams. One that was written to meanwhile is not idle: it may
   * be silent for twice as long. @default 15_000
   */
  readonly heartbeatInterval?: number | undefined;
  /** Milliseconds after which a client that takes nothing is disconnected. @default 30_000 */
  readonly stallTimeout?: number | undefined;
  /** Open streams in this process; one more is answered with a time to come back. @default 20_000 */
  readonly maxStreams?: number | undefined;
  /** Open streams of one channel in this process. @default Infinity */
  readonly maxStreamsPerChannel?: number | undefined;
  /** Open streams of one client address in this process. @default Infinity */
  readonly maxStreamsPerAddress?: number | undefined;
  /**
   * Bytes of `send()` that may wait for one client, before it is disconnected: at least 16_384. The
   * largest event is left out, and each counts for 1024 at least. @default 1_048_576
   */
  readonly maxUnread?: number | undefined;
}
