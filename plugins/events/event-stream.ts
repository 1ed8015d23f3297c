import { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ResponseHeaders } from './direct-response.ts';
import type { HttpResponse } from './leaving.ts';
import type { StreamMessage } from './message.ts';
import type { ChannelStream } from './stream.ts';

/** What an event stream is the face of. */
export interface StreamController {
  readonly open: boolean;
  send(message: StreamMessage | string): boolean;
  close(): void;
  evict(): void;
  /** The stream has room, for the first time or again. */
  streamIsRead(): void;
  /** The stream is destroyed. */
  streamIsGone(): void;
  /** Answers without the stream, whose body is then empty, or returns false. */
  answer(response: HttpResponse, headers: ResponseHeaders): boolean;
}

const HIGH_WATER_MARK = 16 * 1024;

/** The body of a text/event-stream response: a Readable to return from the handler. */
export class EventStream<State = unknown> extends Readable implements ChannelStream<State> {
  readonly state: State;
  readonly #controller: StreamController;

  constructor(state: State, controller: StreamController) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.state = state;
    this.#controller = controller;
  }

  get open(): boolean {
    return this.#controller.open;
  }

  /** See {@link ChannelStream.send}. A reader that leaves more than `maxUnread` unread is cut off. */
  send(message: StreamMessage | string): boolean {
    return this.#controller.send(message);
  }

  close(): void {
    this.#controller.close();
  }

  evict(): void {
    this.#controller.evict();
  }

  /**
   * Writes head and body to the response without the stream in between, where that is safe. Else it
   * does nothing and returns false: the stream is to be piped. @internal
   */
  static answer(stream: EventStream, response: HttpResponse, headers: ResponseHeaders): boolean {
    // Somebody reads it: what they get shall be what it is.
    if (stream.readableFlowing !== null || stream.listenerCount('readable') > 0) return false;
    return stream.#controller.answer(response, headers);
  }

  /** What Fastify calls last, and so also where no hook of ours has come last. */
  override pipe<Destination extends NodeJS.WritableStream>(
    destination: Destination,
    options: { end?: boolean } = {},
  ): Destination {
    const response = destination instanceof ServerResponse && options.end !== false && destination;
    if (response && EventStream.answer(this, response, response.getHeaders())) return destination;
    return super.pipe(destination, options);
  }

  override _read(): void {
    this.#controller.streamIsRead();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#controller.streamIsGone();
    // Broken off before a handler has returned it, it has nobody yet who listens for errors.
    done(this.listenerCount('error') > 0 ? error : null);
  }
}
