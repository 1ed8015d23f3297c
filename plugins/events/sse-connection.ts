import { SlowReaderError } from '../errors.ts';
import type { BodyOwner } from './body.ts';
import type { Connection } from './connections.ts';
import type { ContentCoding } from './content-coding.ts';
import type { ResponseHeaders } from './direct-response.ts';
import { encodeEvent, encodeRetry } from './encode.ts';
import { EventStream, type StreamController } from './event-stream.ts';
import type { HttpResponse } from './leaving.ts';
import { type Frame, refuseId, type StreamMessage, toFrame } from './message.ts';
import type { Outbox } from './outbox.ts';
import type { Sink } from './outlet.ts';
import { type EventSource, SourceProducers } from './source.ts';
import { type StreamBeginning, StreamBody } from './stream-body.ts';
import { CLOSE, EVICTED, NEVER } from './stream-end.ts';
import type { StreamHost } from './stream-host.ts';
import type { StreamSubscription } from './subscription.ts';

/** One client's event stream: what fills it, and what it tells of itself. */
export class SSEConnection implements BodyOwner, Connection, Sink, StreamController {
  readonly stream: EventStream;
  readonly coding: ContentCoding;
  readonly #host: StreamHost;
  readonly #onError: (error: Error) => void;
  readonly #body: StreamBody;
  #producers: SourceProducers | undefined;
  #subscription: StreamSubscription | undefined;
  /** What the client is told in the end, once that was asked for: it comes after what was published before. */
  #last: string | undefined;
  #ended = false;

  constructor(beginning: StreamBeginning, host: StreamHost, onError: (error: Error) => void) {
    this.coding = beginning.coding;
    this.#host = host;
    this.#onError = onError;
    this.stream = new EventStream(beginning.state, this);
    this.#body = new StreamBody(this.stream, beginning, host.figures);
  }

  get open(): boolean {
    return this.#last === undefined && this.#isWritable;
  }

  get isPending(): boolean {
    return this.#body.isPending;
  }

  get taken(): number | undefined {
    return this.#body.taken;
  }

  get outbox(): Outbox {
    return this.#host.outbox;
  }

  /** The channels that feed it. */
  read(subscription: StreamSubscription): void {
    this.#subscription = subscription;
  }

  /** One more source that feeds it. The stream ends when all have ended, or when one has failed. */
  take(source: EventSource, onError: (error: Error) => void): void {
    this.#producers ??= new SourceProducers();
    this.#producers.add(source, {
      // Not by its length: `_read` is called while what is about to be taken still counts.
      hasRoom: () => this.open && this.#body.hasRoom && !this.#subscription?.holds,
      send: (message) => this.#give(message),
      end: (error) => {
        if (error) onError(error);
        if (error || (!this.#producers?.size && !this.#subscription)) this.close();
      },
    });
  }

  send(message: StreamMessage | string): boolean {
    const frame = this.#frameOf(message);
    if (!this.open) return false;
    if (this.#subscription) this.#subscription.send(frame);
    else if (!this.#body.writeCounted(encodeEvent(frame), this.#host.maxUnread)) this.#giveUp();
    return true;
  }

  write(slice: readonly Frame[]): boolean {
    const hasRoom = !this.#ended && this.#body.writeSlice(slice);
    // They wait while what they gave last is held, as well; this may be in the midst of writing that.
    if (hasRoom && this.#producers) queueMicrotask(() => this.#producers?.pump());
    return hasRoom;
  }

  streamIsRead(): void {
    // Its stream is read for its end alone.
    if (this.#body.isDirect) return;
    this.#body.pipe();
    if (this.#body.hasRoom) this.pump();
  }

  answer(response: HttpResponse, headers: ResponseHeaders): boolean {
    if (!this.#isWritable || !this.#body.answer(response, headers, this)) return false;
    if (this.#body.hasRoom) this.pump();
    return true;
  }

  pump(): void {
    this.#body.opened();
    this.#subscription?.pump();
    this.#producers?.pump();
  }

  filled(): void {
    this.#body.filled();
  }

  /** Sends a comment if nothing was written since the last call. */
  heartbeat(): void {
    const isDue = this.open && this.#body.isIdle;
    // What a reader of it does may end it.
    if (isDue && !this.#subscription?.refresh() && this.open) this.#body.writeHeartbeat();
    this.#body.markIdle();
  }

  drain(retry: number): void {
    this.#finish(this.#last || encodeRetry(retry));
  }

  /**
   * Ends the response after what was published before. An error is told to others: as that of a body
   * it could become the answer, which the client would read, and a native one never comes back after.
   */
  close(error?: Error): void {
    if (error) this.#end();
    else this.#finish(this.#last ?? '');
    // Nor would the client take the end, unless it has not been answered yet.
    if (error instanceof SlowReaderError && this.#body.taken !== undefined) this.terminate();
  }

  evict(): void {
    this.#finish(encodeEvent({ event: CLOSE, data: EVICTED }) + encodeRetry(NEVER));
    this.#host.connections.breakOffSoon(this);
  }

  streamIsGone(): void {
    this.#end();
    this.#body.whenGone(() => this.#host.connections.gone(this));
  }

  terminate(): void {
    this.#body.destroy();
  }

  /** What a source gives, one at a time and when there is room, is never too much. */
  #give(message: StreamMessage | string): void {
    const frame = this.#frameOf(message);
    if (!this.open) return;
    if (this.#subscription) this.#subscription.give(frame);
    else this.#body.writeText(encodeEvent(frame));
  }

  #frameOf(message: StreamMessage | string): Frame {
    const frame = toFrame(message);
    if (this.#subscription) refuseId(frame);
    return frame;
  }

  #giveUp(): void {
    if (!this.open) return;
    this.#host.figures.stalled += 1;
    const error = new SlowReaderError();
    const isHeard = !this.#body.isDirect && this.stream.listenerCount('error') > 0;
    if (!isHeard || this.#body.taken === undefined) {
      this.close(error);
      this.#onError(error);
    } else {
      // Whoever pipes the stream tells of its errors, but need not end the response for one.
      this.stream.once('close', () => this.terminate());
      this.stream.destroy(error);
    }
  }

  #finish(last: string): void {
    this.#last = last;
    if (this.#subscription) this.#subscription.finish(() => this.#end());
    else this.#end();
  }

  #end(): void {
    if (this.#last && this.#isWritable) this.#body.writeText(this.#last);
    // What hears of that may have ended it.
    if (this.#isWritable) this.#body.end();
    this.#ended = true;
    this.#subscription?.end();
    this.#producers?.stop();
    this.#producers = undefined;
  }

  get #isWritable(): boolean {
    return !this.#ended && !this.stream.destroyed;
  }
}
