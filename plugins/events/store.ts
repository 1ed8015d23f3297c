import type { Entry, EventText } from './message.ts';

/** An append-only log per channel: the one place where numbers are given out. */
export interface EventStore {
  /** Numbers an event, keeps it, reports it to every follower, resolves to the entry. */
  append(channel: string, event: EventText): Promise<Entry>;
  /** The oldest kept entries numbered above `seq`, at most `limit` of them, in order. */
  read(channel: string, seq: number, limit: number): Promise<readonly Entry[]>;
  /** Reports each entry appended from now on, in order, until the tail is stopped. */
  follow(channel: string, listener: (entry: Entry) => void): Promise<Tail>;
  close(): Promise<void>;
}

/** The end of a log, as it was when following began. */
export interface Tail {
  readonly epoch: string;
  /** Number of the newest entry, 0 in an empty log. */
  readonly head: number;
  stop(): void;
}
