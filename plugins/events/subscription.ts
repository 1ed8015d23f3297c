import { SlowReaderError } from '../errors.ts';
import { functionOption } from '../options.ts';
import { toError } from '../to-error.ts';
import { Cursor } from './cursor.ts';
import type { CursorOptions, CursorOwner } from './cursor-options.ts';
import type { Feed } from './feed.ts';
import type { Figures } from './figures.ts';
import type { Log } from './log.ts';
import type { EventText } from './message.ts';
import { Outlet, type OutletHost, type Sink } from './outlet.ts';
import type { ChannelStream } from './stream.ts';

/** One connection's reading of one or more channels. */
export interface Subscription {
  /** Undefined for a sink that is no stream. */
  readonly stream: ChannelStream | undefined;
  /** Names, in alphabetical order. */
  readonly channels: readonly string[];
  /** The sink has room: go on. */
  pump(): void;
  /** Writes, as far as there is room, what was published before. */
  flush(): void;
  /** Tells the client a newer place to resume from, if it has one. Whether it did. */
  refresh(): boolean;
  /** Sends an event that is in no log, after everything that was published before it. */
  send(text: EventText): void;
  /** Ends the reading, and the connection with it. */
  close(): void;
  /** The connection has ended. */
  end(): void;
}

/** What a stream needs that has sources of its own besides. */
export interface StreamSubscription extends Subscription {
  /** Whether something that was sent to this client alone waits for what was published before it. */
  readonly holds: boolean;
  /** As {@link send}, from a source that waits by itself: it is never too much. */
  give(text: EventText): void;
}

/** Is handed a subscription before anybody else hears of it. */
export type Begin = (subscription: StreamSubscription) => void;

/** A {@link StreamSubscription} and what its cursor needs of it. */
export class Reading implements StreamSubscription, CursorOwner {
  readonly stream: ChannelStream | undefined;
  readonly #log: Log;
  readonly #feed: Feed;
  readonly #sink: Sink;
  readonly #onError: (error: Error) => void;
  readonly #outlet: Outlet;
  readonly #cursor: Cursor;
  readonly #host: SubscriptionHost;
  #ended = false;

  constructor(
    log: Log,
    channels: readonly string[],
    subscriber: Subscriber,
    host: SubscriptionHost,
    begin: Begin,
  ) {
    const { sink, stream, onError, place } = subscriber;
    for (const verb of [sink?.write, sink?.close]) functionOption('sink', verb);
    this.stream = stream;
    this.#log = log;
    this.#feed = log.feed(channels);
    // What was published before is not in what it is shown.
    this.#feed.endTurn();
    this.#sink = sink;
    this.#onError = onError;
    this.#host = host;
    this.#outlet = new Outlet(sink, place, host);
    this.#cursor = new Cursor(this.#feed, this.#outlet, place, this);
    begin(this);
    host.begun(this);
    // Takes its place at once, also if nothing can be written yet.
    this.#cursor.goOn();
    if (this.#feed.epoch !== undefined) return;
    log.open().then(
      () => this.#cursor.goOn(),
      (error: Error) => this.failed(error),
    );
  }

  get channels(): readonly string[] {
    return this.#feed.channels;
  }

  get holds(): boolean {
    return this.#outlet.holds;
  }

  pump(): void {
    this.#cursor.pump();
  }

  flush(): void {
    this.#feed.endTurn();
    this.#cursor.goOn();
  }

  refresh(): boolean {
    this.flush();
    return this.#cursor.refresh();
  }

  send(text: EventText): void {
    this.#send(text, true);
  }

  give(text: EventText): void {
    this.#send(text, false);
  }

  close(): void {
    this.flush();
    // Nothing that fails on the way closes it twice.
    if (!this.#ended) this.#close();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cursor.close();
    this.#log.release(this.#feed);
    this.#host.ended(this);
  }

  lost(): void {
    this.#host.lost(this);
  }

  failed(error: unknown): void {
    if (this.#ended) return;
    if (error instanceof SlowReaderError) this.#host.figures.stalled += 1;
    this.#close(toError(error));
  }

  #send(text: EventText, counts: boolean): void {
    if (this.#ended) return;
    this.flush();
    this.#cursor.send(text, counts);
  }

  #close(error?: Error): void {
    this.end();
    try {
      this.#sink.close(error);
    } catch (failure) {
      this.#report(toError(failure));
    }
    // Who hears of it finds the stream closed.
    if (error) this.#report(error);
  }

  /** What the app throws then crashes it, as anywhere else, and no other reader. */
  #report(error: Error): void {
    try {
      this.#onError(error);
    } catch (failure) {
      process.nextTick(() => {
        throw failure;
      });
    }
  }
}

/** Where subscriptions are kept and counted. */
export interface SubscriptionHost extends OutletHost {
  readonly figures: Figures;
  begun(subscription: Subscription): void;
  lost(subscription: Subscription): void;
  ended(subscription: Subscription): void;
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
