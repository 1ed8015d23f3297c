import { functionOption } from '../options.ts';
import { toError } from '../to-error.ts';
import { Cursor } from './cursor.ts';
import type { CursorObserver, CursorOptions } from './cursor-options.ts';
import type { Feed } from './feed.ts';
import type { Log } from './log.ts';
import type { EventText } from './message.ts';
import type { Sink } from './outlet.ts';
import type { ChannelStream } from './stream.ts';

/** One connection's reading of one or more channels. */
export class Subscription {
  /** Undefined for a sink that is no stream. */
  readonly stream: ChannelStream | undefined;
  /** Names, in alphabetical order. */
  readonly channels: readonly string[];
  readonly #log: Log;
  readonly #feed: Feed;
  readonly #sink: Sink;
  readonly #cursor: Cursor;
  readonly #observer: SubscriptionObserver;
  #ended = false;

  constructor(
    log: Log,
    channels: readonly string[],
    { sink, stream, onError, ...options }: Subscriber,
    observer: SubscriptionObserver,
  ) {
    for (const verb of [sink?.write, sink?.close]) functionOption('sink', verb);
    this.stream = stream;
    this.channels = channels;
    this.#log = log;
    // What was published before is not in what it is shown.
    log.flush();
    this.#feed = log.feed(channels);
    this.#observer = observer;
    this.#sink = {
      write: (slice) => sink.write(slice),
      close: (error) => {
        this.end();
        if (error) onError(error);
        try {
          sink.close(error);
        } catch (failure) {
          onError(toError(failure));
        }
      },
    };
    this.#cursor = new Cursor(this.#feed, this.#sink, { ...options, ...observer });
    observer.begun(this);
    // Takes its place at once, also if nothing can be written yet.
    this.#cursor.wake();
    log.open().then(
      () => this.#cursor.wake(),
      (error: Error) => this.#sink.close(error),
    );
  }

  /** The sink has room: go on. */
  pump(): void {
    this.#cursor.pump();
  }

  /** Writes, as far as there is room, what was published before. */
  flush(): void {
    this.#log.flush();
    this.#feed.serve(this.#cursor);
  }

  /** Tells the client a newer place to resume from, if it has one. Whether it did. */
  refresh(): boolean {
    this.flush();
    return this.#cursor.refresh();
  }

  /** Sends an event that is in no log, after everything that was published before it. */
  send(text: EventText): void {
    this.flush();
    this.#cursor.send(text);
  }

  /** Ends the reading, and the connection with it. */
  close(): void {
    this.flush();
    this.#sink.close();
  }

  /** The connection has ended. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cursor.close();
    this.#log.release(this.#feed);
    this.#observer.ended(this);
  }
}

/** Hears what a subscription does. */
export interface SubscriptionObserver extends CursorObserver {
  begun(subscription: Subscription): void;
  ended(subscription: Subscription): void;
}

/** Who reads, and how. */
export interface Subscriber extends CursorOptions {
  readonly sink: Sink;
  readonly stream?: ChannelStream | undefined;
  /** Hears of what fails. */
  onError(error: Error): void;
}
