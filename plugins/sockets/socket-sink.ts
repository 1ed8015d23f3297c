import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Sink } from '../events/cursor.ts';
import type { Producer } from '../events/event-stream.ts';
import { type Entry, POSITION } from '../events/message.ts';
import { bareFrame, envelopeFrame } from './frames.ts';

const HIGH_WATER_MARK = 64 * 1024;

/** RFC 6455 7.4.1 and the IANA registry. */
export const CLOSE_CODES = { policyViolation: 1008, internalError: 1011, serviceRestart: 1012 };

/** What is used of a WebSocket. */
export interface OutgoingSocket extends EventEmitter {
  readonly OPEN: number;
  readonly readyState: number;
  /** Bytes that have not left this process yet. */
  readonly bufferedAmount: number;
  send(data: Buffer, options: { binary: boolean }, done: () => void): void;
  ping(): void;
  close(code: number): void;
  terminate(): void;
}

/** One WebSocket as the receiving end of a cursor. What it is sent is never read. */
export class SocketSink implements Sink {
  readonly closed: Promise<void>;
  readonly #socket: OutgoingSocket;
  readonly #transport: Socket;
  readonly #envelopes: boolean;
  #producer: Producer | undefined;
  #full = false;
  #alive = true;

  /** `envelopes`: whether the client takes `{id, event, data}` or bare data only. */
  constructor(socket: OutgoingSocket, transport: Socket, envelopes: boolean) {
    this.#socket = socket;
    this.#transport = transport;
    this.#envelopes = envelopes;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('message', () => this.close(undefined, CLOSE_CODES.policyViolation));
    socket.on('pong', () => {
      this.#alive = true;
    });
  }

  /** Hands the socket to the one that fills it from now on. */
  feed(producer: Producer): void {
    this.#producer = producer;
  }

  write(slice: readonly Entry[]): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    // Corked: frames of one turn leave in one write.
    this.#transport.cork();
    for (const entry of slice) this.#send(entry);
    this.#transport.uncork();
    this.#full = this.#socket.bufferedAmount >= HIGH_WATER_MARK;
    return !this.#full;
  }

  close(
    error?: Error,
    code = error ? CLOSE_CODES.internalError : CLOSE_CODES.serviceRestart,
  ): void {
    this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Pings the client; one that has not answered the last ping is gone. */
  heartbeat(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }

  #send(entry: Entry): void {
    if (this.#envelopes) this.#sendFrame(envelopeFrame(entry));
    else if (entry.event !== POSITION) this.#sendFrame(bareFrame(entry));
  }

  #sendFrame(frame: Buffer): void {
    this.#socket.send(frame, { binary: false }, () => this.#drained());
  }

  #drained(): void {
    if (!this.#full || this.#socket.bufferedAmount >= HIGH_WATER_MARK) return;
    this.#full = false;
    this.#producer?.pump();
  }
}
