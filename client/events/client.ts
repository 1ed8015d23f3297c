import { type Frame, isRecovered, POSITION, parseData } from '../protocol.ts';
import {
  CLOSE,
  type ClientEvents,
  type ConnectionFailure,
  type EventClient,
  type EventInfo,
  type EventListener,
  type EventTransport,
  type EventType,
  LOST,
} from './events.ts';
import type { Feed, FeedListener } from './feed.ts';

export type OpenFeed = (cursor: string, types: Iterable<string>, listener: FeedListener) => Feed;

/** An EventSource has events of these types itself. */
const OWN = /^(open|error)$/;

type AnyListener = (data: unknown, info: EventInfo) => void;

/** Turns frames into calls of listeners, and keeps the place. */
export class Client<Events> implements EventClient<Events> {
  readonly #open: OpenFeed;
  readonly #lifetime = new AbortController();
  readonly #listeners = new Map<string, Set<AnyListener>>();
  /** What the server may send. */
  readonly #types = new Set([POSITION, CLOSE, 'message']);
  #feed: Feed | undefined;
  #state: EventClient<Events>['state'] = 'connecting';
  #transport: EventTransport | undefined;
  #cursor: string;

  constructor(open: OpenFeed, cursor: string, signal: AbortSignal | undefined) {
    this.#open = open;
    this.#cursor = cursor;
    const lifetime = { signal: this.#lifetime.signal };
    signal?.addEventListener('abort', () => this.close(), lifetime);
    if (signal?.aborted) this.close();
    // A page that is kept and sleeps leaves the connection to those who are awake.
    const rest = (): void => this.#rest();
    const wake = (): void => this.#wake();
    addEventListener('pagehide', rest, lifetime);
    addEventListener('pageshow', wake, lifetime);
    document.addEventListener('freeze', rest, lifetime);
    document.addEventListener('resume', wake, lifetime);
    const hurry = (): void => this.#feed?.hurry();
    addEventListener('online', hurry, lifetime);
    addEventListener('visibilitychange', hurry, lifetime);
    // The listeners that are added in the same go are there from the first event on.
    queueMicrotask(wake);
  }

  get state(): EventClient<Events>['state'] {
    return this.#state;
  }

  get transport(): EventTransport | undefined {
    return this.#transport;
  }

  get lastEventId(): string {
    return this.#cursor;
  }

  on<Type extends EventType<Events>>(type: Type, listener: EventListener<Events, Type>): () => void;
  on(type: string, listener: AnyListener): () => void {
    // One of its own, so that a listener that is added twice is called twice.
    const added: AnyListener = (data, info) => listener(data, info);
    let listeners = this.#listeners.get(type);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(type, listeners);
    }
    if (!OWN.test(type) && !this.#types.has(type)) {
      this.#types.add(type);
      this.#feed?.listen(type);
    }
    listeners.add(added);
    return () => void listeners.delete(added);
  }

  once<Type extends EventType<Events>>(
    type: Type,
    listener: EventListener<Events, Type>,
  ): () => void {
    const stop = this.on(type, (data, info) => {
      stop();
      listener(data, info);
    });
    return stop;
  }

  close(): void {
    this.#lifetime.abort();
    this.#rest();
    this.#state = 'closed';
  }

  #rest(): void {
    this.#feed?.close();
    this.#feed = undefined;
    this.#state = 'connecting';
  }

  #wake(): void {
    if (this.#feed || this.#state === 'closed') return;
    this.#feed = this.#open(this.#cursor, this.#types, {
      frame: (frame, transport) => this.#receive(frame, transport),
      failed: (failure) => this.#fail(failure),
    });
  }

  #fail(failure: ConnectionFailure): void {
    if (this.#state === 'closed') return;
    this.#state = 'connecting';
    this.#emit('error', failure);
  }

  #receive(frame: Frame, transport: EventTransport): void {
    if (this.#state === 'closed') return;
    const { id, event } = frame;
    const after = this.#cursor;
    const isPosition = event === POSITION;
    const recovered = !isPosition || isRecovered(frame);
    this.#cursor = id || after;
    this.#transport = transport;
    const data = parseData(frame.data);
    if (event === CLOSE) this.close();
    else if (this.#state !== 'open') {
      this.#state = 'open';
      this.#emit('open', { transport, recovered } satisfies ClientEvents['open']);
    }
    if (!recovered) this.#emit(LOST, { after } satisfies ClientEvents[typeof LOST]);
    if (!isPosition) this.#emit(event, data, id);
  }

  #emit(event: string, data: unknown, id = this.#cursor): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(data, { event, id });
      } catch (error) {
        reportError(error);
      }
    }
  }
}
