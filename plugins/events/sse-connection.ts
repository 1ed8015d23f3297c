import { InvalidEventFieldError, SlowReaderError } from '../errors.ts';
import { type Body, DirectBody, HeldBody, PipedBody } from './body.ts';
import type { Connection, Connections } from './connections.ts';
import { directResponse, joinHead, type ResponseHeaders } from './direct-response.ts';
import { encodeComment, encodeEvent, encodeRetry, encodeSlice } from './encode.ts';
import { EventStream, type StreamController } from './event-stream.ts';
import type { Figures } from './figures.ts';
import type { HttpResponse } from './leaving.ts';
import { checkField, type Frame, type StreamMessage, toEventText, toMessage } from './message.ts';
import type { Sink } from './outlet.ts';
import { type EventSource, SourceProducer } from './source.ts';
import { CLOSE, EVICTED, NEVER } from './stream-end.ts';
import type { Subscription } from './subscription.ts';

const MAX_WAITING_BYTES = 1024 * 1024;
const HEARTBEAT = Buffer.from(encodeComment());

/** Where streams are counted and kept. */
export interface StreamHost {
  readonly figures: Figures;
  readonly connections: Connections;
}

/** One client's event stream: what fills it, and what it tells of itself. */
export class SSEConnection implements Connection, Sink, StreamController {
  readonly stream: EventStream;
  readonly #figures: Figures;
  readonly #connections: Connections;
  readonly #onError: (error: Error) => void;
  #producers: Set<SourceProducer> | undefined;
  #body: Body;
  #subscription: Subscription | undefined;
  #ended = false;
  #idle = false;
  #stalledSince: number | undefined;

  /** `retry`: reconnection time for the client, in milliseconds. */
  constructor(state: unknown, retry: number, host: StreamHost, onError: (error: Error) => void) {
    const { figures, connections } = host;
    this.#onError = onError;
    this.#figures = figures;
    this.#connections = connections;
    this.stream = new EventStream(state, this);
    this.#body = new HeldBody(this.stream);
    // Written at once: Fastify sends the head of a response with its first chunk.
    this.#body.write(Buffer.from(encodeRetry(retry)));
  }

  get open(): boolean {
    return !this.#ended && !this.stream.destroyed;
  }

  get stalledSince(): number | undefined {
    // Until it is answered nobody can take anything.
    return this.#body instanceof HeldBody ? undefined : this.#stalledSince;
  }

  /** The channels that feed it. */
  read(subscription: Subscription): void {
    this.#subscription = subscription;
    // It may have failed already.
    if (this.stream.destroyed) subscription.end();
  }

  /** One more source that feeds it. The stream ends when all have ended, or when one has failed. */
  take(source: EventSource, onError: (error: Error) => void): void {
    const producer = new SourceProducer(source, {
      // Not by its length: `_read` is called while what is about to be taken still counts.
      hasRoom: () => this.open && this.#stalledSince === undefined,
      send: (message) => void this.send(message),
      end: (error) => {
        this.#producers?.delete(producer);
        if (error) onError(error);
        if (error || (!this.#producers?.size && !this.#subscription)) this.close();
      },
    });
    this.#producers ??= new Set();
    this.#producers.add(producer);
  }

  send(message: StreamMessage | string): boolean {
    const whole = toMessage(message);
    const text = toEventText(whole);
    const { id } = whole;
    const fields = { ...text, ...(id !== undefined && { id: checkField('id', id) }) };
    if (this.#subscription && id !== undefined) {
      throw new InvalidEventFieldError(
        'id',
        'is given by the channels of this stream: leave it out',
      );
    }
    if (!this.open) return false;
    // One large event is no sign of a slow reader.
    const { waiting } = this.#body;
    if (this.#subscription) this.#subscription.send(text);
    else this.#write(Buffer.from(encodeEvent(fields)));
    if (waiting > MAX_WAITING_BYTES) this.#giveUp();
    return true;
  }

  write(slice: readonly Frame[]): boolean {
    return !this.#ended && this.#write(encodeSlice(slice));
  }

  streamIsRead(): void {
    // Its stream is read for its end alone.
    if (this.#body instanceof DirectBody) return;
    if (this.#body instanceof HeldBody) this.#body = this.#body.moveTo(new PipedBody(this.stream));
    this.pump();
  }

  answer(response: HttpResponse, headers: ResponseHeaders): boolean {
    const held = this.#body;
    if (!this.open || !(held instanceof HeldBody)) return false;
    const direct = directResponse(response, headers);
    if (!direct) return false;
    // As a list Node keeps no copy of them.
    const pairs = Object.entries(headers).filter(([, value]) => value !== undefined);
    direct.response.writeHead(
      direct.response.statusCode,
      pairs.flatMap(([name, value]) => [name, value ?? '']),
    );
    joinHead(direct);
    this.#body = held.moveTo(new DirectBody(this.stream, direct, this));
    this.pump();
    return true;
  }

  pump(): void {
    this.#stalledSince = undefined;
    this.#subscription?.pump();
    for (const producer of this.#producers ?? []) producer.pump();
  }

  /** Sends a comment if nothing was written since the last call. */
  heartbeat(): void {
    if (this.#idle && this.open && this.#body.waiting === 0) {
      if (!this.#subscription?.refresh()) this.#write(HEARTBEAT);
    }
    this.#idle = true;
  }

  drain(retry: number): void {
    this.#subscription?.flush();
    if (this.open) this.#body.write(Buffer.from(encodeRetry(retry)));
    this.close();
  }

  /**
   * Ends the response after what was published before. An error is told to others: as that of a body
   * it could become the answer, which the client would read, and a native one never comes back after.
   */
  close(error?: Error): void {
    if (!error) this.#subscription?.flush();
    if (this.open) this.#body.end();
    if (this.#body.waiting > 0) this.#stalledSince ??= performance.now();
    this.#ended = true;
    this.#stop();
  }

  evict(): void {
    this.#subscription?.flush();
    if (this.open) this.#write(Buffer.from(encodeEvent({ event: CLOSE, data: EVICTED })));
    this.drain(NEVER);
  }

  streamIsGone(): void {
    this.#stop();
    this.#body.whenGone(() => this.#connections.gone(this));
  }

  terminate(): void {
    this.#body.destroy();
  }

  #write(bytes: Buffer): boolean {
    // As a chunk it would be the end of the body.
    if (bytes.length === 0) return true;
    this.#idle = false;
    this.#figures.bytes += bytes.length;
    const hasRoom = this.#body.write(bytes);
    if (!hasRoom) this.#stalledSince ??= performance.now();
    return hasRoom;
  }

  #giveUp(): void {
    this.#figures.stalled += 1;
    const error = new SlowReaderError();
    // Whoever pipes the stream tells of its errors.
    if (!(this.#body instanceof DirectBody)) return void this.stream.destroy(error);
    this.#onError(error);
    this.terminate();
  }

  #stop(): void {
    this.#subscription?.end();
    for (const producer of this.#producers ?? []) producer.stop();
    this.#producers = undefined;
  }
}
