import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { readAhead, type Upgrade } from './read-ahead.ts';

type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** Sees to it that upgrades come to routes, and keeps for them what Node tells the listener alone. */
export class Upgrades {
  readonly #server: Pick<Server, 'prependListener' | 'off'>;
  readonly #route: Route;
  readonly #upgrades = new WeakMap<IncomingMessage, Upgrade>();

  constructor(server: Pick<Server, 'prependListener' | 'off'>, route: Route) {
    this.#server = server;
    this.#route = route;
    server.prependListener('upgrade', this.#accept);
  }

  /** Takes charge of the connection of a request; undefined for one that asks for no upgrade. */
  take(request: IncomingMessage): Upgrade | undefined {
    const upgrade = this.#upgrades.get(request);
    return upgrade && readAhead(upgrade.socket, upgrade.head);
  }

  /** Ends a connection that stays with HTTP: nobody else does. */
  end(request: IncomingMessage): void {
    const { socket } = this.#upgrades.get(request) ?? {};
    socket?.end(() => socket.destroy());
  }

  close(): void {
    this.#server.off('upgrade', this.#accept);
  }

  readonly #accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node has taken its own listener off by now.
    socket.on('error', () => socket.destroy());
    this.#upgrades.set(request, { socket, head });
    // `injectWS()` of @fastify/websocket makes its own.
    if (!(socket instanceof Socket)) return;
    const probe = new ServerResponse(request);
    // An earlier request is still to be answered there: not ours to see to.
    if (!assign(probe, socket)) return;
    probe.detachSocket(socket);
    // After all other listeners: who answers by HTTP, as @fastify/websocket does, has begun by then.
    process.nextTick(() => {
      const response = new ServerResponse(request);
      if (!assign(response, socket)) return;
      response.once('finish', () => this.end(request));
      this.#route(request, response);
    });
  };
}

/** Gives a connection to a response; false if it has another one already. */
function assign(response: ServerResponse, socket: Socket): boolean {
  try {
    response.assignSocket(socket);
    return true;
  } catch {
    return false;
  }
}
