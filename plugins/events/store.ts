import type { Position } from './event-id.ts';
import type { Entry, EventText } from './message.ts';

/**
 * An append-only log: the one place where numbers are given out, 1, 2, 3, ... over all channels,
 * under an epoch. `storeTests` of `dev-serve/testing` are what every store has to pass.
 */
export interface EventStore {
  /**
   * Numbers an event, keeps it, reports it to every follower, resolves to the entry once it is as
   * safe as this store can make it. A volatile event is reported in its turn and not kept.
   */
  append(channel: string, event: EventText, options?: AppendOptions): Promise<Entry>;
  /** The oldest kept entries of a channel after a position, at most `limit` of them, in order. */
  read(channel: string, after: Position, limit: number): Promise<Page>;
  /** Reports every entry of every channel that is appended from now on, in the order of numbers. */
  follow(listener: (entry: Entry) => void): Promise<Tail>;
  close(): Promise<void>;
}

export interface AppendOptions {
  /** @default false */
  readonly volatile?: boolean;
}

/** A part of a channel's history. */
export interface Page {
  /** In order. Fewer than asked for, and no `more`: the channel has none after them, as of the call. */
  readonly entries: readonly Entry[];
  /** Whether there may be others after them, which are to be asked for. @default false */
  readonly more?: boolean;
  /**
   * Whether anything after the position asked for may be missing in front of these: the channel's
   * entries were trimmed, or the position is of another epoch, or beyond the store's newest entry. A
   * store that cannot know says true.
   */
  readonly gap: boolean;
}

/** The end of a log, as it was when following began. */
export interface Tail {
  readonly epoch: string;
  /** Number of the newest entry of all channels, 0 in an empty log. */
  readonly head: number;
  stop(): void;
}
