import { Readable } from 'node:stream';
import { SlowReaderError } from '../errors.ts';
import type { Sink } from './cursor.ts';
import { encodeComment, encodeEvent, encodeRetry, encodeSlice } from './encode.ts';
import { checkField, type Entry, type StreamMessage, toEventText } from './message.ts';

const HIGH_WATER_MARK = 16 * 1024;
const MAX_WAITING_BYTES = 1024 * 1024;

/** What fills a stream when it has room. */
export interface Producer {
  pump(): void;
}

/** The body of a text/event-stream response: a Readable to return from the handler. */
export class EventStream extends Readable implements Sink {
  #producer: Producer | undefined;
  #ended = false;
  #idle = false;

  /** `retry`: reconnection time for the client, in milliseconds. */
  constructor(retry: number) {
    super({ highWaterMark: HIGH_WATER_MARK });
    // Broken off before a handler has returned it, it has nobody yet who listens for errors.
    this.on('error', () => {});
    // Written at once: Fastify sends the head of a response with its first chunk.
    this.push(encodeRetry(retry));
  }

  /** False once the stream has ended: nothing that is sent from then on reaches the client. */
  get open(): boolean {
    return !this.#ended && !this.destroyed;
  }

  /** Whether a producer may go on. */
  get hasRoom(): boolean {
    return this.open && this.readableLength < HIGH_WATER_MARK;
  }

  /** Hands the stream to the one that fills it from now on. */
  feed(producer: Producer): void {
    this.#producer = producer;
  }

  /**
   * Sends an event to this stream alone. False, and nothing more, when the stream has ended; throws
   * a `DEV_SERVE_ERR_INVALID_EVENT_FIELD` if the event cannot be written. A reader that leaves
   * 1 MiB waiting is disconnected.
   */
  send(message: StreamMessage | string): boolean {
    const { id, ...event }: StreamMessage =
      typeof message === 'string' ? { data: message } : message;
    const fields = { ...toEventText(event), ...(id !== undefined && { id: checkField('id', id) }) };
    if (!this.open) return false;
    this.#write(encodeEvent(fields));
    if (this.readableLength > MAX_WAITING_BYTES) this.destroy(new SlowReaderError());
    return true;
  }

  write(slice: readonly Entry[]): boolean {
    return this.open && this.#write(encodeSlice(slice));
  }

  /** Sends a comment if nothing was written since the last call, so that proxies keep the stream. */
  heartbeat(): void {
    if (this.#idle && this.open && this.readableLength === 0) this.push(encodeComment());
    this.#idle = true;
  }

  /** Tells the client to stay away this long, in milliseconds, once the stream has ended. */
  retryAfter(milliseconds: number): void {
    if (this.open) this.push(encodeRetry(milliseconds));
  }

  /** Ends the response; with an error, breaks it off. */
  close(error?: Error): void {
    if (error) this.destroy(error);
    else if (this.open) this.push(null);
    this.#ended = true;
  }

  override _read(): void {
    this.#producer?.pump();
  }

  #write(bytes: string | Buffer): boolean {
    this.#idle = false;
    return this.push(bytes);
  }
}
