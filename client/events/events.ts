/** What carries the events. `sse` is the browser's EventSource, `fetch` is SSE with headers. */
export type EventTransport = 'sse' | 'websocket' | 'fetch';

/** The event type of the server's word that it wants no more of this client. */
export const CLOSE = 'dev-serve:close';

/** The event type that tells of a gap. */
export const LOST = 'dev-serve:lost';

/** A stream that broke or did not open. */
export interface ConnectionFailure {
  /** What the server answered, where that can be known: with the `fetch` transport. */
  readonly status?: number;
  /** Milliseconds until the next attempt. Absent where the browser makes it, as told by `retry`. */
  readonly retryIn?: number;
}

/** Events of the client itself; servers cannot send events of these types. */
export interface ClientEvents {
  /** Connected, for the first time or again. */
  open: {
    readonly transport: EventTransport;
    /** False: events were lost, and a `dev-serve:lost` follows. */
    readonly recovered: boolean;
  };
  /** Not connected; the next attempt is under way. */
  error: ConnectionFailure;
  /** Events after `after` are lost: what the page knows may be out of date. */
  'dev-serve:lost': {
    /** Id of the last event before the gap, empty where there was none. */
    readonly after: string;
  };
  /** The server ended this for good, e.g. `evicted`; not fired by `close()`. */
  'dev-serve:close': { readonly reason: string };
}

/** What a listener is told beside the data. */
export interface EventInfo {
  /** Event type. */
  readonly event: string;
  /** `<epoch>-<seq>`, or what the server says; empty where it says nothing. */
  readonly id: string;
}

/** The event types to listen to: the server's and the client's own. */
export type EventType<Events> = (keyof Events & string) | keyof ClientEvents;

/** The data of an event type. */
export type EventData<Events, Type> = Type extends keyof ClientEvents
  ? ClientEvents[Type]
  : Type extends keyof Events
    ? Events[Type]
    : never;

export type EventListener<Events, Type> = (data: EventData<Events, Type>, info: EventInfo) => void;

/** A connection to an event stream that is kept up until it is closed. */
export interface EventClient<Events> {
  readonly state: 'connecting' | 'open' | 'closed';
  /** What carries the events, once they have come. */
  readonly transport: EventTransport | undefined;
  /** Id of the last event, the place from which a later `connect()` can go on; or empty. */
  readonly lastEventId: string;
  /**
   * Calls `listener` for each event of a type, from now on. `data` is what was sent as JSON, or the
   * text where it is not JSON. Events that the server gave no type are of type `message`.
   *
   * @returns a function that ends this
   */
  on<Type extends EventType<Events>>(type: Type, listener: EventListener<Events, Type>): () => void;
  /** As `on()`, for one event. */
  once<Type extends EventType<Events>>(
    type: Type,
    listener: EventListener<Events, Type>,
  ): () => void;
  /** Ends it for good, without an event. */
  close(): void;
}

export interface ConnectOptions {
  /**
   * URL of the WebSocket route that takes over where the event stream does not get through, or
   * `false` for none.
   *
   * @default the path of the event stream and `/ws`
   */
  readonly websocket?: string | false;
  /**
   * One connection for all tabs of this origin with the same URL and options, where the stream is
   * the same for all of them. A string is a key, e.g. the user's id: only tabs with the same key
   * share; with an empty one none do. A stream that depends on a cookie needs a key or `false`.
   *
   * @default true
   */
  readonly shared?: boolean | string;
  /** Id after which to begin, e.g. one that came with the page. @default the present */
  readonly lastEventId?: string | undefined;
  /**
   * Headers to send, or a function that is asked for them before each attempt. The stream then goes
   * over fetch(), without a WebSocket, and is only shared with `shared: true`: the tabs then read
   * with the headers of one of them.
   */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Whether to send cookies to another origin. @default false */
  readonly withCredentials?: boolean;
  /** Closes the connection when aborted. */
  readonly signal?: AbortSignal;
}
