import { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Body } from './body.ts';
import type { HttpResponse } from './leaving.ts';
import { piecesOf } from './pieces.ts';
import { isBackedUp, takenBytes } from './taken-bytes.ts';

/** The stream itself, which whoever it was returned to pipes to the client, or what they have made of it. */
export class PipedBody implements Body {
  readonly #stream: Readable;
  readonly #response: HttpResponse | undefined;
  #written = 0;
  readonly #queue: Buffer[] = [];
  #isPushing = false;
  #isEnding = false;
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
    const passedOn = this.#written - this.waiting;
    if (!response) return passedOn;
    const { socket } = response;
    // Before its head nobody can take anything; without a socket it waits for the response in front of it.
    if (!response.headersSent || !socket) return undefined;
    // Of HTTP/2 all streams of a client share one socket, which is the only way while it is backed up.
    const isItsWay = response instanceof ServerResponse || isBackedUp(socket);
    return isItsWay ? passedOn + takenBytes(socket) : passedOn;
  }

  write(bytes: Buffer): boolean {
    if (this.#stream.destroyed) return false;
    this.#written += bytes.length;
    // Over HTTP/1.1 the socket tells what the client takes of it.
    if (this.#response instanceof ServerResponse) this.#queue.push(bytes);
    else this.#queue.push(...piecesOf(bytes));
    // Whoever reads may have something written meanwhile, which comes behind all of this.
    return !this.#isPushing && this.#pushAll();
  }

  end(): void {
    this.#isEnding = true;
    if (!this.#isPushing) this.#stream.push(null);
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

  #pushAll(): boolean {
    let hasRoom = true;
    this.#isPushing = true;
    try {
      for (const piece of this.#queue) hasRoom = this.#stream.push(piece);
    } catch (error) {
      // A listener threw: what is left of the event would be half of one.
      this.#stream.destroy();
      throw error;
    } finally {
      this.#queue.length = 0;
      this.#isPushing = false;
    }
    if (this.#isEnding) this.#stream.push(null);
    return hasRoom;
  }
}
