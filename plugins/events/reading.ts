import { SlowReaderError } from '../errors.ts';
import { functionOption } from '../options.ts';
import { toError } from '../to-error.ts';
import { Cursor } from './cursor.ts';
import type { CursorOwner } from './cursor-options.ts';
import type { Feed } from './feed.ts';
import { Grace } from './grace.ts';
import type { Log } from './log.ts';
import type { EventText } from './message.ts';
import { Outlet, type Sink } from './outlet.ts';
import type { ChannelStream } from './stream.ts';
import type { Begin, StreamSubscription, Subscriber, SubscriptionHost } from './subscription.ts';

/** So long, in milliseconds, the end waits for the store, and for its client to take what comes before. */
const FINISH_GRACE = 250;

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
  /** Those who wait for it to {@link finish}. */
  #waiting: (() => void)[] | undefined;
  #isFinished = false;
  #grace: Grace | undefined;
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
    // What was published before is not in what it is shown; who is shown that may be the last one there.
    log.feed(channels).endTurn();
    this.#feed = log.feed(channels);
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
    this.#outlet.open();
    this.#cursor.goOn();
  }

  refresh(): boolean {
    this.#flush();
    return !this.#isEnding && this.#cursor.refresh();
  }

  send(text: EventText): void {
    this.#send(text, true);
  }

  give(text: EventText): void {
    this.#send(text, false);
  }

  finish(done: () => void): void {
    if (this.#isFinished) {
      done();
      return;
    }
    const isFirst = this.#waiting === undefined;
    this.#waiting ??= [];
    this.#waiting.push(done);
    if (isFirst) this.#flush();
    // Each time: if it is its own filter that asks, it ends there.
    this.#cursor.finish();
    if (isFirst && !this.#isFinished) this.#linger();
  }

  close(): void {
    this.finish(() => {
      // Nothing that fails on the way closes it twice.
      if (!this.#ended) this.#close();
    });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    // Whoever is told of it and ends it again: it has.
    this.#isFinished = true;
    this.#cursor.close();
    this.#log.release(this.#feed);
    this.#host.ended(this);
    // Whatever it was that ended it.
    this.reached();
  }

  reached(): void {
    this.#isFinished = true;
    this.#grace?.stop();
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const done of waiting) done();
  }

  lost(): void {
    // The log that begins then is another one.
    if (this.#isEnding) this.#cursor.finish();
    this.#host.lost(this);
  }

  failed(error: unknown): void {
    if (this.#ended) return;
    if (error instanceof SlowReaderError) this.#host.figures.stalled += 1;
    this.#close(toError(error));
  }

  get #isEnding(): boolean {
    return this.#isFinished || this.#waiting !== undefined;
  }

  #send(text: EventText, counts: boolean): void {
    if (this.#isEnding) return;
    this.#flush();
    // What that calls may have ended it.
    if (this.#isEnding) return;
    if (this.#outlet.hold(text, counts)) this.#cursor.goOn();
    else this.failed(new SlowReaderError());
  }

  #linger(): void {
    this.#grace = new Grace(FINISH_GRACE, () => this.reached());
    this.#host.lingers(this);
  }

  /** Writes, as far as there is room, what was published before. */
  #flush(): void {
    this.#feed.endTurn();
    this.#cursor.goOn();
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
