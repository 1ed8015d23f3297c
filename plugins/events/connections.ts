import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Figures } from './figures.ts';

/** One open connection, whatever its transport: what keeps it awake and ends it. */
export interface Connection {
  /** Settles when the client has gone. */
  readonly closed: Promise<void>;
  /** Since when the client has taken nothing of what waits for it, by `performance.now()`. */
  readonly stalledSince: number | undefined;
  /** Shows that the connection lives, to the client and to proxies on the way. */
  heartbeat(): void;
  /** Ends it in good order; the client may come back after `retry` milliseconds. */
  drain(retry: number): void;
  /** Breaks it off. */
  terminate(): void;
}

/** All in milliseconds or in streams. */
export interface ConnectionLimits {
  readonly retry: number;
  readonly heartbeatInterval: number;
  readonly stallTimeout: number;
  readonly maxStreams: number;
  readonly maxStreamsPerAddress: number;
}

/** So many streams and more are a herd: they have to be told times that differ. */
const HERD = 10;

/** How long a closing server waits for readers that take nothing, in milliseconds. */
const CLOSE_GRACE = 500;

/** The open connections of a server: keeps them awake, few enough, and ends them when it closes. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #figures: Figures;
  readonly #open = new Set<Connection>();
  readonly #addresses = new Map<string, number>();
  readonly #timers: readonly NodeJS.Timeout[];
  #draining = false;
  #lookedAt = performance.now();
  #patientUntil = 0;

  constructor(limits: ConnectionLimits, figures: Figures) {
    this.#limits = limits;
    this.#figures = figures;
    const { heartbeatInterval, stallTimeout } = limits;
    this.#timers = [
      // In the next turn: what has come while this process stood still is read before.
      setInterval(() => setImmediate(() => this.#beat()), heartbeatInterval).unref(),
      setInterval(() => this.#endStalled(), Math.max(10, stallTimeout / 10)).unref(),
    ];
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether the server is closing. */
  get draining(): boolean {
    return this.#draining;
  }

  /** A time to come back after, for a stream that begins: a server that is killed can tell no other. */
  get retry(): number {
    return this.size < HERD ? this.#limits.retry : this.jitteredRetry;
  }

  /** A time to come back after, spread so that not all come back in the same moment. */
  get jitteredRetry(): number {
    return this.#limits.retry * (1 + Math.random());
  }

  /** Whether there is room for one more connection from this address. */
  hasRoom(address: string): boolean {
    const { maxStreams, maxStreamsPerAddress } = this.#limits;
    const ofAddress = this.#addresses.get(address) ?? 0;
    return this.#open.size < maxStreams && ofAddress < maxStreamsPerAddress;
  }

  add(connection: Connection, address: string): void {
    this.#open.add(connection);
    this.#addresses.set(address, (this.#addresses.get(address) ?? 0) + 1);
    void connection.closed.then(() => this.#remove(connection, address));
  }

  /** Ends all of them; resolves when they have gone. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const timer of this.#timers) clearInterval(timer);
    const closed = Array.from(this.#open, (connection) => connection.closed);
    for (const connection of this.#open) connection.drain(this.jitteredRetry);
    const deadline = setTimeout(() => {
      for (const connection of this.#open) connection.terminate();
    }, CLOSE_GRACE);
    await Promise.all(closed);
    clearTimeout(deadline);
    // TLS sends what was written last with the next turn; a server that closes would cut it off.
    await nextTurn();
  }

  #remove(connection: Connection, address: string): void {
    this.#open.delete(connection);
    const left = (this.#addresses.get(address) ?? 1) - 1;
    if (left > 0) this.#addresses.set(address, left);
    else this.#addresses.delete(address);
  }

  #beat(): void {
    for (const connection of this.#open) connection.heartbeat();
  }

  #endStalled(): void {
    const now = performance.now();
    const { stallTimeout } = this.#limits;
    // Where this process itself was stopped, nobody could take anything.
    if (now - this.#lookedAt > stallTimeout) this.#patientUntil = now + stallTimeout;
    this.#lookedAt = now;
    if (now < this.#patientUntil) return;
    const deadline = now - stallTimeout;
    for (const connection of this.#open) {
      if ((connection.stalledSince ?? Number.POSITIVE_INFINITY) > deadline) continue;
      this.#figures.stalled += 1;
      connection.terminate();
    }
  }
}
