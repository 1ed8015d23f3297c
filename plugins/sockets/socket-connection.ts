import type { Socket } from 'node:net';
import { SlowReaderError } from '../errors.ts';
import type { Connection, Connections } from '../events/connections.ts';
import { directResponses } from '../events/direct-response.ts';
import type { Figures } from '../events/figures.ts';
import { type Frame, refuseId, type StreamMessage, toFrame } from '../events/message.ts';
import type { Sink } from '../events/outlet.ts';
import type { ChannelStream } from '../events/stream.ts';
import { CLOSE, EVICTED } from '../events/stream-end.ts';
import type { StreamSubscription } from '../events/subscription.ts';
import { takenBytes } from '../events/taken-bytes.ts';
import { CLOSE_CODES } from './close-codes.ts';
import { bareFrame, bareFrames, envelopeFrame, envelopeFrames, isOwn } from './frames.ts';
import type { OutgoingSocket } from './outgoing-socket.ts';
import { Pings } from './pings.ts';

const HIGH_WATER_MARK = 64 * 1024;

export interface SocketSettings {
  /** Whether the client takes `{id, event, data}` or bare data only. */
  readonly envelopes: boolean;
  readonly state?: unknown;
  readonly figures: Figures;
  readonly connections: Connections;
}

/** One client's WebSocket. What it sends is never read. */
export class SocketConnection implements Connection, Sink, ChannelStream {
  readonly state: unknown;
  readonly #socket: OutgoingSocket;
  readonly #transport: Socket;
  readonly #envelopes: boolean;
  /** Whether frames of our own may be written between those of the WebSocket. */
  readonly #isDirect: boolean;
  readonly #figures: Figures;
  readonly #connections: Connections;
  readonly #pings: Pings;
  #subscription: StreamSubscription | undefined;
  #isFull = false;
  /** How it closes, once that was asked for: it does so after what was published before. */
  #code: number | undefined;

  constructor(socket: OutgoingSocket, transport: Socket, settings: SocketSettings) {
    this.#socket = socket;
    this.#transport = transport;
    this.#envelopes = settings.envelopes;
    // Each of its frames is written whole and at once, unless it compresses.
    this.#isDirect =
      directResponses.enabled &&
      socket.extensions === '' &&
      Reflect.get(socket, '_socket') === transport;
    this.#figures = settings.figures;
    this.#connections = settings.connections;
    this.#pings = new Pings(settings.connections.patience);
    this.state = settings.state;
    socket.once('close', () => {
      this.#subscription?.end();
      this.#connections.gone(this);
    });
    socket.on('message', () => this.#socket.close(CLOSE_CODES.policyViolation));
    socket.on('pong', () => this.#pings.answered());
  }

  get open(): boolean {
    return this.#code === undefined && this.#isWritable;
  }

  get isPending(): boolean {
    // What it still compresses waits for this process, and not for the client.
    return this.#transport.writableLength > 0;
  }

  get taken(): number {
    return takenBytes(this.#transport);
  }

  /** The channels that feed it. */
  read(subscription: StreamSubscription): void {
    this.#subscription = subscription;
  }

  send(message: StreamMessage | string): boolean {
    const frame = toFrame(message);
    refuseId(frame);
    if (!this.open) return false;
    this.#subscription?.send(frame);
    return true;
  }

  write(slice: readonly Frame[]): boolean {
    if (!this.#isWritable) return false;
    if (this.#isDirect) return this.#writeFrames(slice);
    // Corked: frames of one turn leave in one write.
    this.#transport.cork();
    for (const frame of slice) this.#send(frame);
    this.#transport.uncork();
    if (this.#socket.bufferedAmount < HIGH_WATER_MARK) return true;
    this.#isFull = true;
    return false;
  }

  /** Closes it after what was published before. */
  close(error?: Error): void {
    if (!error) this.#finish(this.#code ?? CLOSE_CODES.serviceRestart);
    // Nor would it take the code.
    else if (error instanceof SlowReaderError) this.terminate();
    else this.#socket.close(CLOSE_CODES.internalError);
  }

  evict(): void {
    this.#finish(CLOSE_CODES.evicted);
    this.#connections.breakOffSoon(this);
  }

  /** There are too many: the client may try again later. */
  refuse(): void {
    this.#socket.close(CLOSE_CODES.tryAgainLater);
  }

  drain(): void {
    this.close();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Pings the client; one that leaves them unanswered is gone. */
  heartbeat(): void {
    // A ping would wait behind what the client has not taken yet: that has its own clock.
    if (this.#socket.bufferedAmount > 0) return;
    if (this.#pings.areLost(this.taken)) {
      this.#figures.stalled += 1;
      this.#socket.terminate();
      return;
    }
    this.#pings.sent(this.taken);
    this.#socket.ping();
    this.#subscription?.refresh();
  }

  get #isWritable(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #finish(code: number): void {
    this.#code = code;
    if (this.#subscription) this.#subscription.finish(() => this.#end());
    else this.#end();
  }

  #end(): void {
    if (this.#code === CLOSE_CODES.evicted) this.write([{ id: '', event: CLOSE, data: EVICTED }]);
    this.#socket.close(this.#code);
    this.#subscription?.end();
  }

  #writeFrames(slice: readonly Frame[]): boolean {
    const { bytes, size } = this.#envelopes ? envelopeFrames(slice) : bareFrames(slice);
    const transport = this.#transport;
    this.#figures.bytes += size;
    if (bytes.length === 0 || transport.write(bytes) || transport.writableLength === 0) return true;
    if (!this.#isFull) transport.once('drain', () => this.#goOn());
    this.#isFull = true;
    return false;
  }

  #goOn(): void {
    this.#isFull = false;
    this.#subscription?.pump();
  }

  #send(frame: Frame): void {
    if (this.#envelopes) this.#sendBytes(envelopeFrame(frame));
    else if (!isOwn(frame.event)) this.#sendBytes(bareFrame(frame));
  }

  #sendBytes(bytes: Buffer): void {
    this.#figures.bytes += bytes.length;
    this.#socket.send(bytes, { binary: false }, () => this.#drained());
  }

  #drained(): void {
    if (!this.#isFull || this.#socket.bufferedAmount >= HIGH_WATER_MARK) return;
    this.#goOn();
  }
}
