import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A connection that waits for another protocol, and what came behind its request. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

interface Routing {
  /** Whether another listener takes all upgrades to the routes. */
  readonly isDone: () => boolean;
  readonly route: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Sees to it that upgrades come to routes, and keeps for them what Node tells the listener alone. */
export class Upgrades {
  readonly #server: Pick<Server, 'prependListener' | 'off'>;
  readonly #routing: Routing;
  readonly #upgrades = new WeakMap<IncomingMessage, Upgrade>();

  constructor(server: Pick<Server, 'prependListener' | 'off'>, routing: Routing) {
    this.#server = server;
    this.#routing = routing;
    server.prependListener('upgrade', this.#accept);
  }

  get(request: IncomingMessage): Upgrade | undefined {
    return this.#upgrades.get(request);
  }

  close(): void {
    this.#server.off('upgrade', this.#accept);
  }

  readonly #accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node has taken its own listener off by now.
    socket.on('error', () => socket.destroy());
    this.#upgrades.set(request, { socket, head });
    if (this.#routing.isDone()) return;
    const response = new ServerResponse(request);
    response.assignSocket(request.socket);
    // Nobody else ends a connection that stays with HTTP.
    response.once('finish', () => socket.end(() => socket.destroy()));
    this.#routing.route(request, response);
  };
}
