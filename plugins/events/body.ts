import { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpResponse } from './leaving.ts';
import type { Outbox } from './outbox.ts';
import { takenBytes } from './taken-bytes.ts';

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

/** What is larger is piped in such pieces: each that has been taken shows that the client takes some. */
const PIECE = 64 * 1024;

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

/** The stream itself, which whoever it was returned to pipes to the client, or what they have made of it. */
export class PipedBody implements Body {
  readonly #stream: Readable;
  readonly #response: HttpResponse | undefined;
  #written = 0;
  /** What is being pushed. */
  readonly #pieces: Buffer[] = [];
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
    return this.#stream.readableLength + (this.#response?.writableLength ?? 0);
  }

  get taken(): number | undefined {
    const response = this.#response;
    const handedOn = this.#written - this.#stream.readableLength;
    // Of HTTP/2 all streams of a client share one socket.
    if (!(response instanceof ServerResponse)) return handedOn;
    // Without one it waits for the response in front of it.
    return response.socket ? handedOn + takenBytes(response.socket) : undefined;
  }

  write(bytes: Buffer): boolean {
    const stream = this.#stream;
    if (stream.destroyed) return false;
    this.#written += bytes.length;
    const isPushing = this.#pieces.length > 0;
    this.#pieces.push(...piecesOf(bytes));
    // Whoever reads may send something meanwhile, which comes behind all of this.
    if (isPushing) return false;
    let hasRoom = true;
    for (const piece of this.#pieces) hasRoom = stream.push(piece);
    this.#pieces.length = 0;
    return hasRoom;
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

function piecesOf(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / PIECE);
  if (count <= 1) return [bytes];
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * PIECE, (n + 1) * PIECE));
}
