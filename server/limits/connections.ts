import type { Socket } from 'node:net';

/** What is used of a socket. */
export type Peer = Pick<Socket, 'remoteAddress' | 'remotePort' | 'destroyed'> & {
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
};

/** Connections over the limit that are still told so; any more are dropped. */
const RESERVE = 64;
/** Milliseconds that one of those has for its request. */
const PATIENCE = 2000;

/** The connections of a server, and which of them are too many. */
export class ConnectionTable {
  readonly #open = new Set<Peer>();
  readonly #surplus = new Set<string>();
  readonly #max: number;
  readonly #makeRoom: () => string | undefined;
  readonly #onSurplus: () => void;

  /**
   * @param makeRoom ends a connection that nobody waits on, and tells its name
   * @param onSurplus called for each one that is too many
   */
  constructor(max: number, makeRoom: () => string | undefined, onSurplus: () => void) {
    this.#max = max;
    this.#makeRoom = makeRoom;
    this.#onSurplus = onSurplus;
  }

  get size(): number {
    return this.#open.size;
  }

  add(socket: Peer): void {
    if (this.#isFull()) {
      const leaving = this.#makeRoom();
      // What was ended just now tells so with the next turn, or later.
      for (const each of this.#open) {
        if (each.destroyed || nameOf(each) === leaving) this.#open.delete(each);
      }
    }
    const isSurplus = this.#isFull();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    if (!isSurplus) return;
    this.#onSurplus();
    this.#limit(socket);
  }

  /** Whether the connection is to be answered that there are too many. */
  isSurplus(socket: Pick<Peer, 'remoteAddress' | 'remotePort'>): boolean {
    return this.#surplus.size > 0 && this.#surplus.has(nameOf(socket));
  }

  destroyAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #isFull(): boolean {
    return this.#open.size >= this.#max;
  }

  #limit(socket: Peer): void {
    if (this.#surplus.size >= RESERVE) {
      // Later: those who were told of the connection after us may still set it up.
      setImmediate(() => socket.destroy());
      return;
    }
    const name = nameOf(socket);
    this.#surplus.add(name);
    const deadline = setTimeout(() => socket.destroy(), PATIENCE).unref();
    socket.once('close', () => {
      clearTimeout(deadline);
      this.#surplus.delete(name);
    });
  }
}

/** The same for a connection and for whatever TLS or HTTP/2 puts in front of it. */
export function nameOf({
  remoteAddress,
  remotePort,
}: Pick<Peer, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}
