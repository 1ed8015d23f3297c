import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Body, BodyOwner } from './body.ts';
import { beginBody, type DirectResponse } from './direct-response.ts';
import { encodeChunk, toChunk } from './encode.ts';
import type { Sender } from './outbox.ts';
import { takenBytes } from './taken-bytes.ts';

/** Bytes of a write that may be put aside: a larger one costs more than that saves. */
const SMALL = 4096;

/** What is written to a client that leaves fails; the stream is closed by then. */
const ignored = (): void => {};

/**
 * The socket of a response over HTTP/1.1, written to without the response in between: each event is
 * made a chunk once, for all readers.
 */
export class DirectBody implements Body, Sender {
  readonly #stream: Readable;
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #owner: BodyOwner;
  #isFirst = true;
  #isEnding = false;
  #isFull = false;
  #gathered: Buffer | undefined;

  /** The head of the response is written; the first bytes go with it. */
  constructor(stream: Readable, { response, socket }: DirectResponse, owner: BodyOwner) {
    this.#stream = stream;
    this.#response = response;
    this.#socket = socket;
    this.#owner = owner;
    response.on('error', ignored);
  }

  get waiting(): number {
    return this.#socket.writableLength + (this.#gathered?.length ?? 0);
  }

  get taken(): number {
    return takenBytes(this.#socket);
  }

  write(bytes: Buffer): boolean {
    // The first bytes are those of this client alone.
    const chunk = this.#isFirst ? toChunk(bytes) : encodeChunk(bytes);
    const { outbox } = this.#owner;
    this.sendGathered();
    if (this.#isFirst || !outbox.isOpen || chunk.length > SMALL) return this.#send(chunk);
    this.#gathered = chunk;
    outbox.add(this);
    return !this.#isFull;
  }

  sendGathered(): void {
    const chunk = this.#gathered;
    if (chunk === undefined) return;
    this.#gathered = undefined;
    if (!this.#send(chunk)) this.#owner.filled();
  }

  end(): void {
    this.sendGathered();
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

  #send(chunk: Buffer): boolean {
    const socket = this.#socket;
    const response = this.#response;
    // The client has hung up, which the response will be told; or the app has ended that itself.
    if (!socket.writable || this.#isEnding || response.writableEnded) return false;
    const hasRoom = this.#isFirst ? beginBody({ response, socket }, chunk) : socket.write(chunk);
    this.#isFirst = false;
    // What is larger than the buffer may have gone all the same.
    if (hasRoom || socket.writableLength === 0) return true;
    if (!this.#isFull) socket.once('drain', () => this.#drained());
    this.#isFull = true;
    return false;
  }

  #drained(): void {
    this.#isFull = false;
    this.#owner.pump();
  }
}
