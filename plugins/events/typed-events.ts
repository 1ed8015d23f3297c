import { memoize } from './memoize.ts';
import type { Entry, EventMessage } from './message.ts';
import type { SnapshotSource } from './snapshot.ts';

/** What any channel carries that was not told its events: every type, any data. */
export type AnyEvents = Record<string, unknown>;

/** What `publish` takes on a channel of these events. */
export type MessageOf<Events extends object> = string extends keyof Events
  ? EventMessage
  : { [Type in keyof Events & string]: TypedMessage<Type, Events[Type]> }[keyof Events & string];

type TypedMessage<Type extends string, Data> = Omit<EventMessage, 'event' | 'data'> & {
  readonly data: Data;
} & (Type extends 'message' ? { readonly event?: Type } : { readonly event: Type });

/**
 * An event of a channel as a filter sees it: `data` is parsed JSON, or the text if it is none. For the
 * `Events` of several channels, as a union, an event of any of them.
 */
export type ChannelEvent<Events extends object = AnyEvents> = Events extends object
  ? {
      [Type in keyof Events & string]: {
        readonly channel: string;
        readonly id: string;
        readonly event: Type;
        readonly data: Events[Type];
      };
    }[keyof Events & string]
  : never;

/** Where a subscriber begins and what it gets. */
export interface SubscribeOptions<Events extends object = AnyEvents> {
  /**
   * Where a client begins that has no `Last-Event-ID`: `now`, `earliest` (the oldest that is kept), or
   * an event id, e.g. `channel.lastEventId` as it was when a page was made.
   * @default 'now'
   */
  readonly from?: 'now' | 'earliest' | (string & {}) | undefined;
  /** Whether this client gets an event. */
  readonly filter?: ((event: ChannelEvent<Events>) => boolean) | undefined;
  /**
   * Sends the state to a client that begins, and everything since then after it. Also to one that has
   * lost events, unless `onLost` says otherwise.
   */
  readonly snapshot?: SnapshotSource | undefined;
  /** Sends the state to a client that has lost events, instead of telling it so. */
  readonly onLost?: SnapshotSource | undefined;
}

/** Parsed once for all filters. */
const toEvent = memoize(({ channel, id, event, data }: Entry) => ({
  channel,
  id,
  event,
  data: parseData(data),
}));

/** An entry as an event of a channel that is said to carry `Events`. */
export function toChannelEvent<Events extends object>(entry: Entry): ChannelEvent<Events> {
  return assume(toEvent(entry));
}

/** Takes the author's word for a type that nothing knows at run time. */
export function assume<Value>(value: unknown): Value;
export function assume(value: unknown): unknown {
  return value;
}

/** The JSON that a text is, or the text. */
export function parseData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
