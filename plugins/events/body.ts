import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { beginBody, type DirectResponse } from './direct-response.ts';
import { encodeChunk } from './encode.ts';
import type { HttpResponse } from './leaving.ts';
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
  /** The body has room again. */
  pump(): void;
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

/** What is written to a client that leaves fails; the stream is closed by then. */
const ignored = (): void => {};

/**
 * The socket of a response over HTTP/1.1, written to without the response in between: each event is
 * made a chunk once, for all readers.
 */
export class DirectBody implements Body {
  readonly #stream: Readable;
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #owner: BodyOwner;
  #isFirst = true;
  #isEnding = false;
  #isFull = false;

  /** The head of the response is written; the first bytes go with it. */
  constructor(stream: Readable, { response, socket }: DirectResponse, owner: BodyOwner) {
    this.#stream = stream;
    this.#response = response;
    this.#socket = socket;
    this.#owner = owner;
    response.on('error', ignored);
  }

  get waiting(): number {
    return this.#socket.writableLength;
  }

  get unsent(): number {
    return unsentBytes(this.#socket);
  }

  write(bytes: Buffer): boolean {
    const socket = this.#socket;
    // The client has hung up, which the response will be told; or the app has ended that itself.
    if (!socket.writable || this.#isEnding || this.#response.writableEnded) return false;
    const chunk = encodeChunk(bytes);
    const hasRoom = this.#isFirst
      ? beginBody({ response: this.#response, socket }, chunk)
      : socket.write(chunk);
    this.#isFirst = false;
    // What is larger than the buffer may have gone all the same.
    if (hasRoom || socket.writableLength === 0) return true;
    if (!this.#isFull) socket.once('drain', () => this.#drained());
    this.#isFull = true;
    return false;
  }

  end(): void {
    this.#isEnding = true;
    // A closing server breaks off what has ended, also where its last bytes have not gone yet.
    if (this.#socket.writableLength === 0) this.#response.end();
    else this.#socket.write('', () => this.#response.end());
    this.#stream.push(null);
    // Nobody else reads it.
    this.#stream.resume();
  }

  whenGone(gone: () => void): void {
    const response = this.#response;
    if (!response.writableEnded && !this.#isEnding) response.destroy();
    if (response.closed || response.destroyed) gone();
    else response.once('close', gone);
  }

  destroy(): void {
    this.#response.destroy();
    this.#stream.destroy();
  }

  #drained(): void {
    this.#isFull = false;
    this.#owner.pump();
  }
}
