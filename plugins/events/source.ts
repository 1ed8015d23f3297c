import { Readable } from 'node:stream';
import { toError } from '../to-error.ts';
import type { StreamMessage } from './message.ts';

/** Events for one stream. A byte stream sends each of its chunks as text. */
export type EventSource = AsyncIterable<StreamMessage | string> | Readable;

/** What a source fills. */
export interface SourceTarget {
  /** Whether the next item may be asked for. */
  hasRoom(): boolean;
  send(message: StreamMessage | string): void;
  /** The source has come to its end, with an error if it has failed. */
  end(error?: Error): void;
}

/** Takes items from an async iterable, one at a time, as long as its target has room. */
export class SourceProducer {
  readonly #target: SourceTarget;
  readonly #source: EventSource;
  #iterator: AsyncIterator<StreamMessage | string> | undefined;
  readonly #stopSource: () => void;
  #busy = false;
  #stopped = false;

  constructor(source: EventSource, target: SourceTarget) {
    this.#target = target;
    this.#source = source;
    if (source instanceof Readable) {
      if (!source.readableObjectMode && source.readableEncoding === null)
        source.setEncoding('utf8');
      // One that was never asked for an item would stay open, and its errors unheard.
      source.on('error', () => {});
      this.#stopSource = () => source.destroy();
    } else {
      this.#stopSource = () => {};
    }
  }

  pump(): void {
    if (!this.#busy && !this.#stopped) void this.#run();
  }

  /** Nothing is sent any more; the source is told in the same tick. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#stopSource();
    void this.#return();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      this.#iterator ??= this.#source[Symbol.asyncIterator]();
      while (this.#target.hasRoom()) {
        const { done, value } = await this.#iterator.next();
        if (this.#stopped) return;
        if (done) return this.#end();
        this.#target.send(value);
      }
    } catch (error) {
      if (!this.#stopped) this.#end(toError(error));
    } finally {
      this.#busy = false;
    }
  }

  #end(error?: Error): void {
    this.#stopped = true;
    if (error) {
      this.#stopSource();
      void this.#return();
    }
    this.#target.end(error);
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator?.return?.();
    } catch {
      // Nobody is left to hear of an error.
    }
  }
}

/** The sources of one stream that have not come to their end. */
export class SourceProducers {
  readonly #running = new Set<SourceProducer>();

  get size(): number {
    return this.#running.size;
  }

  add(source: EventSource, target: SourceTarget): void {
    const end = (error?: Error) => {
      this.#running.delete(producer);
      target.end(error);
    };
    const producer = new SourceProducer(source, { ...target, end });
    this.#running.add(producer);
  }

  pump(): void {
    for (const producer of this.#running) producer.pump();
  }

  stop(): void {
    for (const producer of this.#running) producer.stop();
    this.#running.clear();
  }
}
