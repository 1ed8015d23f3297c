import { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpResponse } from './leaving.ts';
import type { Outbox } from './outbox.ts';
import { unsentBytes } from './unsent.ts';

/** What carries the bytes of an event stream to its client. */
export interface Body {
  /** Bytes that it has taken and not handed on. */
  readonly waiting: number;
  /** Of these and of what else is on its way to the client, those that the system has not taken. */
  readonly unsent: number;
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
  readonly unsent = 0;
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

/** The stream itself, which whoever it was returned to pipes to the client, or what they have made of it. */
export class PipedBody implements Body {
  readonly #stream: Readable;
  readonly #response: HttpResponse | undefined;
  #isClosed = false;
  #gone = (): void => {};

  /** `response`: undefined where the stream answers no request. */
  constructor(stream: Readable, response: HttpResponse | undefined) {
    this.#stream = stream;
    this.#response = response;
    response?.once('close', () => {
      this.#isClosed = true;
      this.#gone();
    });
  }

  get waiting(): number {
    return this.#stream.readableLength;
  }

  get unsent(): number {
    const response = this.#response;
    // Of HTTP/2 all streams of a client share one socket.
    return response instanceof ServerResponse ? unsentBytes(response.socket) : 0;
  }

  write(bytes: Buffer): boolean {
    return !this.#stream.destroyed && this.#stream.push(bytes);
  }

  end(): void {
    this.#stream.push(null);
  }

  whenGone(gone: () => void): void {
    const response = this.#response;
    // Without a head the answer will be another one; behind another one it is not told of its end.
    const isOnItsWay = response?.headersSent && response.socket && !this.#isClosed;
    if (isOnItsWay) this.#gone = gone;
    else gone();
  }

  destroy(): void {
    this.#stream.destroy();
    // It need not end with the stream that it was made of.
    if (this.#response?.headersSent) this.#response.destroy();
    this.#gone();
  }
}
