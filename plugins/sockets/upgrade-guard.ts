import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Milliseconds that responses have to finish once an upgrade has come behind them. */
const PATIENCE = 1000;
/** Milliseconds without a byte after which an upgrade that nobody has taken over is given up. */
const IDLE = 60_000;

type UpgradeServer = Pick<Server, 'prependListener'>;
type Raw<Message> = { readonly raw: Message };
type Done = () => void;

const guards = new WeakMap<UpgradeServer, UpgradeGuard>();

/** Frees the sockets of upgrades that nobody takes over: Node lets go of all, and reads none again. */
export class UpgradeGuard {
  readonly #idle: number;
  readonly #unanswered = new WeakMap<Socket, Set<IncomingMessage>>();
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
    const unanswered = this.#unanswered.get(socket) ?? new Set();
    if (unanswered.has(request)) return;
    this.#unanswered.set(socket, unanswered.add(request));
    response.once('close', () => {
      unanswered.delete(request);
      if (unanswered.size === 0 && this.#refused.has(socket)) socket.end(() => socket.destroy());
    });
  }

  /** Whether an upgrade can get no answer, and its socket is seen to here. */
  refuses(socket: Duplex): boolean {
    return this.#refused.has(socket);
  }

  #accept(request: IncomingMessage, socket: Duplex): void {
    // Node has taken its own listener off by now.
    socket.on('error', () => socket.destroy());
    // Of `app.injectWS()`, which makes up its own.
    if (!(socket instanceof Socket)) return;
    if (isFree(socket, request)) this.#watch(socket);
    else this.#refuse(socket);
  }

  #watch(socket: Socket): void {
    const destroyUnlessTaken = () => {
      // Who takes a connection over reads it; Node has taken its own listener off by now.
      const readers = socket.listenerCount('data') + socket.listenerCount('readable');
      if (readers === 0) socket.destroy();
    };
    socket.on('end', destroyUnlessTaken);
    socket.setTimeout(this.#idle).on('timeout', destroyUnlessTaken);
  }

  #refuse(socket: Socket): void {
    // "MUST send the corresponding responses in the same order" (RFC 9112, 9.3.2): there is none that
    // could follow, since whoever answers an upgrade does so at once.
    this.#refused.add(socket);
    const timer = setTimeout(() => socket.destroy(), PATIENCE).unref();
    socket.once('close', () => {
      clearTimeout(timer);
      // As Node does for those whose connection it still knows.
      for (const request of this.#unanswered.get(socket) ?? []) request.destroy();
    });
    socket.on('end', () => socket.destroy()).resume();
  }
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
