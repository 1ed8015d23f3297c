import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Milliseconds without a byte after which a connection is given up: of an upgrade that nobody has taken
 * over, or with a response in front of an upgrade, which the client does not take.
 */
const IDLE = 60_000;

type UpgradeServer = Pick<Server, 'prependListener'>;
type Raw<Message> = { readonly raw: Message };
type Done = () => void;

interface Connection {
  /** Those that may be under way, in their order. */
  responses: readonly ServerResponse[];
  /** Those of Node, by which a response learns that there is room for more: an upgrade ends that. */
  readonly drainListeners: ReturnType<Socket['listeners']>;
}

const guards = new WeakMap<UpgradeServer, UpgradeGuard>();

/** One that carries another protocol by now. */
const UPGRADED: Connection = { responses: [], drainListeners: [] };

/** Frees the sockets of upgrades that nobody takes over: Node lets go of all, and reads none again. */
export class UpgradeGuard {
  readonly #idle: number;
  readonly #connections = new WeakMap<Socket, Connection>();
  readonly #refused = new WeakSet<Duplex>();

  /** The one of a server, which watches its requests and upgrades from the first call on. */
  static of(server: UpgradeServer): UpgradeGuard {
    const guard = guards.get(server) ?? new UpgradeGuard(server);
    guards.set(server, guard);
    return guard;
  }

  /** @param idle milliseconds */
  constructor(server: UpgradeServer, idle = IDLE) {
    this.#idle = idle;
    server.prependListener('request', (request, response) => this.#add(request, response));
    server.prependListener('upgrade', (request, socket) => this.#accept(request, socket));
  }

  /** A hook for Fastify, which has a server of its own for each further address. */
  readonly onRequest = (request: Raw<IncomingMessage>, reply: Raw<ServerResponse>, done: Done) => {
    this.#add(request.raw, reply.raw);
    done();
  };

  #add(request: IncomingMessage, response: ServerResponse): void {
    if (request.httpVersionMajor > 1) return;
    const { socket } = request;
    // What `app.inject()` makes up has none.
    if (!(socket instanceof Socket)) return;
    const connection = this.#connectionOf(socket);
    if (connection === UPGRADED || connection.responses.includes(response)) return;
    // No listener for each of them: most connections never ask for an upgrade.
    connection.responses = [...connection.responses.filter(isUnderWay), response];
  }

  #connectionOf(socket: Socket): Connection {
    const known = this.#connections.get(socket);
    if (known) return known;
    const drainListeners = socket.listeners('drain');
    const connection: Connection = { responses: [], drainListeners };
    this.#connections.set(socket, connection);
    return connection;
  }

  /** Whether an upgrade can get no answer, and its socket is seen to here. */
  refuses(socket: Duplex): boolean {
    return this.#refused.has(socket);
  }

  #accept(request: IncomingMessage, socket: Duplex): void {
    // Node has taken its own listener off by now.
    socket.on('error', destroy);
    // Of `app.injectWS()`, which makes up its own.
    if (!(socket instanceof Socket)) return;
    if (isFree(socket, request)) this.#watch(socket);
    else this.#refuse(socket);
  }

  #watch(socket: Socket): void {
    this.#connections.set(socket, UPGRADED);
    socket.on('end', destroyUnlessTaken);
    socket.setTimeout(this.#idle).on('timeout', destroyUnlessTaken);
  }

  #refuse(socket: Socket): void {
    // "MUST send the corresponding responses in the same order" (RFC 9112, 9.3.2): it is hung up on
    // after those, since whoever answers an upgrade does so at once.
    this.#refused.add(socket);
    const { responses, drainListeners } = this.#connectionOf(socket);
    const waiting = new Set(responses.filter(isUnderWay));
    for (const response of waiting) {
      response.on('close', () => {
        waiting.delete(response);
        if (waiting.size === 0) socket.end(() => socket.destroy());
      });
    }
    for (const listener of drainListeners) {
      socket.on('drain', () => void Reflect.apply(listener, socket, []));
    }
    socket.setTimeout(this.#idle).on('timeout', () => {
      // With nothing left to write, it is the server that is slow, and not the client.
      if (socket.writableLength > 0) socket.destroy();
    });
    socket.once('close', () => {
      // As Node does for those whose connection it still knows.
      for (const { req } of waiting) req.destroy();
    });
    socket.on('end', () => socket.destroy()).resume();
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}

function destroyUnlessTaken(this: Socket): void {
  // Who takes a connection over reads it; Node has taken its own listener off by now.
  const readers = this.listenerCount('data') + this.listenerCount('readable');
  if (readers === 0) this.destroy();
}

function isUnderWay({ closed, destroyed }: ServerResponse): boolean {
  return !closed && !destroyed;
}

/** Whether no earlier response is still to be sent there. */
function isFree(socket: Socket, request: IncomingMessage): boolean {
  const probe = new ServerResponse(request);
  try {
    probe.assignSocket(socket);
  } catch {
    return false;
  }
  probe.detachSocket(socket);
  return true;
}
