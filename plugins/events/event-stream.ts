import { Readable } from 'node:stream';
import type { StreamMessage } from './message.ts';
import type { ChannelStream } from './stream.ts';

/** What an event stream is the face of. */
export interface StreamController {
  readonly open: boolean;
  send(message: StreamMessage | string): boolean;
  close(): void;
  evict(): void;
  /** The stream has room. */
  pump(): void;
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
    // Broken off before a handler has returned it, it has nobody yet who listens for errors.
    this.on('error', () => {});
  }

  get open(): boolean {
    return this.#controller.open;
  }

  /** See {@link ChannelStream.send}. A reader that leaves 1 MiB waiting is disconnected. */
  send(message: StreamMessage | string): boolean {
    return this.#controller.send(message);
  }

  close(): void {
    this.#controller.close();
  }

  evict(): void {
    this.#controller.evict();
  }

  override _read(): void {
    this.#controller.pump();
  }
}
