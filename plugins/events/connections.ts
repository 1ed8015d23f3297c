import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Figures } from './figures.ts';
import { Grace } from './grace.ts';
import { Heartbeats } from './heartbeats.ts';
import { type Ending, startClocks } from './lifetime.ts';

/** One open connection, whatever its transport: what keeps it awake and ends it. */
export interface Connection {
  /** Whether something waits for the client to take it: bytes, or the end. */
  readonly isPending: boolean;
  /**
   * Bytes that the client, or the system for it, has taken so far; undefined while it cannot take any. Only
   * that it grows means something: some may be counted twice.
   */
  readonly taken: number | undefined;
  /** Shows that the connection lives, to the client and to proxies on the way. */
  heartbeat(): void;
  /** Ends it in good order; the client may come back after `retry` milliseconds. */
  drain(retry: number): void;
  /** Ends it; the client may come back at once. */
  close(): void;
  /** Breaks it off. */
  terminate(): void;
}

/** What is kept of a connection besides. */
interface OpenConnection {
  readonly address: string;
  /** They end it when its time is over. */
  readonly timers: readonly NodeJS.Timeout[];
}

/** Of most, where addresses are not counted. */
const USUAL: OpenConnection = { address: '', timers: [] };

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

/** So often it is looked whether a client takes what waits for it, before it is broken off. */
const LOOKS = 10;

/** How long readers that take nothing are waited for where they have to end, in milliseconds. */
const CLOSE_GRACE = 500;
/** So often it is looked meanwhile how they are, and once more: the first may come right after the answer. */
const LAST_LOOKS = 4;

/** The open connections of a server: keeps them awake, few enough, and ends them when it closes. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #figures: Figures;
  readonly #open = new Map<Connection, OpenConnection>();
  readonly #addresses = new Map<string, number>();
  /** Of those that something waits for: what they had taken, and how many looks have found no more. */
  readonly #pending = new Map<Connection, { readonly taken: number; readonly looks: number }>();
  readonly #heartbeats: Heartbeats;
  readonly #looking: NodeJS.Timeout;
  #draining = false;
  #onEmpty = (): void => {};

  constructor(limits: ConnectionLimits, figures: Figures) {
    this.#limits = limits;
    this.#figures = figures;
    const { heartbeatInterval, stallTimeout } = limits;
    this.#heartbeats = new Heartbeats(this.#open, heartbeatInterval);
    this.#looking = setInterval(
      () => this.#endStalled(),
      Math.max(10, stallTimeout / LOOKS),
    ).unref();
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

  /** Heartbeats within `stallTimeout`, at least one. */
  get patience(): number {
    return Math.ceil(this.#limits.stallTimeout / this.#limits.heartbeatInterval);
  }

  /** Whether it matters where a connection comes from. */
  get countsAddresses(): boolean {
    return this.#limits.maxStreamsPerAddress !== Number.POSITIVE_INFINITY;
  }

  /** Whether there is room for one more connection from this address. */
  hasRoom(address: string): boolean {
    const { maxStreams, maxStreamsPerAddress } = this.#limits;
    const ofAddress = this.#addresses.get(address) ?? 0;
    return this.#open.size < maxStreams && ofAddress < maxStreamsPerAddress;
  }

  /** Who adds it says when it is {@link gone}. */
  add(connection: Connection, address: string, endings: readonly Ending[]): void {
    const timers = startClocks(endings, ({ isRevocation }) => {
      connection.close();
      if (isRevocation) this.breakOffSoon(connection);
    });
    const isUsual = address === '' && timers.length === 0;
    this.#open.set(connection, isUsual ? USUAL : { address, timers });
    this.#addresses.set(address, (this.#addresses.get(address) ?? 0) + 1);
  }

  /** The client has gone. */
  gone(connection: Connection): void {
    const known = this.#open.get(connection);
    if (!known) return;
    const { address, timers } = known;
    for (const timer of timers) clearTimeout(timer);
    this.#open.delete(connection);
    this.#pending.delete(connection);
    const left = (this.#addresses.get(address) ?? 1) - 1;
    if (left > 0) this.#addresses.set(address, left);
    else this.#addresses.delete(address);
    if (this.size === 0) this.#onEmpty();
  }

  /**
   * It has ended, and what its client does not take within {@link CLOSE_GRACE} of what is left it shall not
   * have. Nobody can take anything before the answer, nor while this process itself stands still.
   */
  breakOffSoon(connection: Connection, looks = LAST_LOOKS): void {
    setTimeout(() => {
      if (!this.#open.has(connection)) return;
      const left = connection.taken === undefined ? LAST_LOOKS : looks - 1;
      if (left >= 0) this.breakOffSoon(connection, left);
      else connection.terminate();
    }, CLOSE_GRACE / LAST_LOOKS).unref();
  }

  /** Ends all of them; resolves when they have gone. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#heartbeats.stop();
    clearInterval(this.#looking);
    const isEmpty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      if (this.size === 0) resolve();
    });
    for (const connection of this.#open.keys()) connection.drain(this.jitteredRetry);
    const grace = new Grace(CLOSE_GRACE, () => {
      for (const connection of this.#open.keys()) connection.terminate();
    });
    await isEmpty;
    grace.stop();
    // TLS sends what was written last with the next turn; a server that closes would cut it off.
    await nextTurn();
  }

  /**
   * Breaks off whose client takes nothing of what waits for it: one that takes little at a time is slow, and
   * not gone. By the number of looks: while this process itself stands still, nobody can take anything.
   */
  #endStalled(): void {
    for (const connection of this.#open.keys()) {
      const taken = connection.isPending ? connection.taken : undefined;
      const last = this.#pending.get(connection);
      if (taken === undefined) {
        if (last) this.#pending.delete(connection);
      } else if (!last || taken > last.taken) {
        this.#pending.set(connection, { taken, looks: 0 });
      } else if (last.looks + 1 < LOOKS) {
        // What it has taken may look less than it was, where it is made more on its way.
        const least = Math.min(taken, last.taken);
        this.#pending.set(connection, { taken: least, looks: last.looks + 1 });
      } else {
        this.#pending.delete(connection);
        this.#figures.stalled += 1;
        connection.terminate();
      }
    }
  }
}
