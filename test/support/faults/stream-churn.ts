import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { openingRequest, type Transport } from './requests.ts';

export interface ChurnSettings {
  readonly port: number;
  /** Paths of streams; each connection takes one of them. */
  readonly paths: readonly string[];
  readonly perSecond: number;
  /** Longest life of a connection, in milliseconds. */
  readonly longest: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

const PACE_MILLISECONDS = 50;
/** An empty close frame, with an empty mask. */
const CLOSE_FRAME = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);

/** Connections that come and go: over both transports, politely, abruptly, in the middle of things. */
export class StreamChurn {
  /** Connections so far. */
  connections = 0;
  /** Bytes that they have received. */
  bytes = 0;
  /** What was answered that is no stream. */
  readonly refused: string[] = [];
  readonly #settings: ChurnSettings;
  readonly #open = new Map<Socket, NodeJS.Timeout>();
  readonly #timer: NodeJS.Timeout;
  readonly #begun = performance.now();

  constructor(settings: ChurnSettings) {
    this.#settings = settings;
    this.#timer = setInterval(() => this.#catchUp(), PACE_MILLISECONDS);
    onTestFinished(() => this.stop());
  }

  /** Breaks off what is open; there will be nothing more. */
  stop(): void {
    clearInterval(this.#timer);
    for (const [socket, timer] of this.#open) {
      clearTimeout(timer);
      socket.destroy();
    }
    this.#open.clear();
  }

  #catchUp(): void {
    const { perSecond } = this.#settings;
    const due = Math.floor(((performance.now() - this.#begun) / 1000) * perSecond);
    // A process that was stopped does not make up for all of it at once.
    const count = Math.min(due - this.connections, perSecond);
    for (let nth = 0; nth < count; nth += 1) this.#connect();
    this.connections = due;
  }

  #connect(): void {
    const { port, paths, longest, random } = this.#settings;
    const transport: Transport = random() < 0.5 ? 'sse' : 'websocket';
    const path = paths[Math.floor(random() * paths.length)] ?? '/';
    const request = openingRequest(transport, path, random() < 0.3 ? 'abcdefghi-1' : undefined);
    const socket = connect(port, '127.0.0.1');
    // Some leave before they have asked.
    const isWhole = random() < 0.9;
    socket.write(isWhole ? request : request.slice(0, random() * request.length));
    let isFirst = isWhole;
    socket.on('data', (chunk) => {
      this.bytes += chunk.length;
      if (isFirst) this.#check(chunk.toString('latin1', 0, 100));
      isFirst = false;
    });
    socket.on('error', () => {});
    const leave = this.#wayToLeave(socket, transport);
    this.#open.set(socket, setTimeout(leave, random() * longest));
    socket.once('close', () => {
      clearTimeout(this.#open.get(socket));
      this.#open.delete(socket);
    });
  }

  #wayToLeave(socket: Socket, transport: Transport): () => void {
    const dice = this.#settings.random();
    if (dice < 0.3) return () => socket.resetAndDestroy();
    if (dice < 0.6) return () => socket.destroy();
    return () => {
      if (transport === 'websocket') socket.write(CLOSE_FRAME);
      socket.end();
      // Who says goodbye does not wait for ever for an answer.
      const timer = setTimeout(() => socket.destroy(), 1000);
      this.#open.set(socket, timer);
    };
  }

  #check(head: string): void {
    if (!/^HTTP\/1\.1 (?:200|101) /.test(head)) this.refused.push(head);
  }
}
