import type { Readable } from 'node:stream';
import type { Outbox } from './outbox.ts';

/** What carries the bytes of an event stream to its client. */
export interface Body {
  /** Bytes that wait for the client to take them. */
  readonly waiting: number;
  /** See {@link Connection.taken}. */
  readonly taken: number | undefined;
  /** Takes them in any case; false asks to wait until there is room. */
  write(bytes: Buffer): boolean;
  /** Ends it after what was written. */
  end(): void;
  /** Calls back when nothing of it is on its way any more. The stream itself has closed. */
  whenGone(gone: () => void): void;
  /** Breaks it off. */
  destroy(): void;
}

/** Whose a body is. */
export interface BodyOwner {
  /** Where small writes may be put aside. */
  readonly outbox: Outbox;
  /** The body has room again. */
  pump(): void;
  /** It turned out to have none, after a write that had been put aside. */
  filled(): void;
}

/** Keeps the first bytes until it is known which of the other two will take them. */
export class HeldBody implements Body {
  waiting = 0;
  /** Until it is answered nobody can take anything. */
  readonly taken = undefined;
  readonly #chunks: Buffer[] = [];
  readonly #stream: Readable;
  #ended = false;

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  write(bytes: Buffer): boolean {
    this.#chunks.push(bytes);
    this.waiting += bytes.length;
    return false;
  }

  end(): void {
    this.#ended = true;
  }

  whenGone(gone: () => void): void {
    gone();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  /** Hands on what it has kept; false if that has filled the other. */
  moveTo(body: Body): boolean {
    const bytes = Buffer.concat(this.#chunks);
    const hasRoom = bytes.length === 0 || body.write(bytes);
    if (this.#ended) body.end();
    return hasRoom;
  }
}
