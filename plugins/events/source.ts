import { Readable } from 'node:stream';
import type { EventStream, Producer } from './event-stream.ts';
import type { StreamMessage } from './message.ts';

/** Events for one stream. A byte stream sends each of its chunks as text. */
export type EventSource = AsyncIterable<StreamMessage | string> | Readable;

/** Fills a stream from an async iterable, one item at a time, as long as it has room. */
export class SourceProducer implements Producer {
  readonly #stream: EventStream;
  readonly #onError: (error: unknown) => void;
  readonly #iterator: AsyncIterator<StreamMessage | string>;
  readonly #stopSource: () => void;
  #busy = false;

  constructor(stream: EventStream, source: EventSource, onError: (error: unknown) => void) {
    this.#stream = stream;
    this.#onError = onError;
    if (source instanceof Readable) {
      if (!source.readableObjectMode && source.readableEncoding === null)
        source.setEncoding('utf8');
      // An iterator that was never asked for an item leaves its Readable open and its errors unheard.
      source.on('error', () => {});
      this.#stopSource = () => source.destroy();
    } else {
      this.#stopSource = () => {};
    }
    this.#iterator = source[Symbol.asyncIterator]();
    stream.once('close', () => this.#stop());
  }

  pump(): void {
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      while (this.#stream.hasRoom) {
        const { done, value } = await this.#iterator.next();
        if (!this.#stream.open) return;
        if (done) this.#stream.close();
        else this.#stream.send(value);
      }
    } catch (error) {
      if (!this.#stream.open) return;
      this.#onError(error);
      this.#stream.close();
    } finally {
      this.#busy = false;
    }
  }

  #stop(): void {
    this.#stopSource();
    void this.#return();
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator.return?.();
    } catch {
      // Nobody is left to hear of an error.
    }
  }
}
