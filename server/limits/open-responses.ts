import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Response = Pick<
  ServerResponse,
  'headersSent' | 'once' | 'socket' | 'writableEnded' | 'writableFinished'
>;
type Listener = (socket: Socket) => void;

const byServer = new WeakMap<Server, OpenResponses>();

/** The responses of HTTP/1.1 that are under way, by the socket they are for. */
export class OpenResponses {
  readonly #bySocket = new WeakMap<Socket, Set<Response>>();
  readonly #counts = new WeakMap<Socket, number>();
  readonly #onOpen: Listener[] = [];
  readonly #onClose: Listener[] = [];

  /** Those of `server`, which are known from the first time they are asked for. */
  static of(server: Server): OpenResponses {
    const known = byServer.get(server);
    if (known !== undefined) return known;
    const responses = new OpenResponses();
    responses.watch(server);
    return responses;
  }

  /** Knows those of `server` from now on. */
  watch(server: Server): void {
    byServer.set(server, this);
    const add = ({ socket, httpVersionMajor }: IncomingMessage, response: Response) => {
      if (httpVersionMajor === 1) this.add(socket, response);
    };
    server.prependListener('request', add);
    server.prependListener('checkExpectation', add);
  }

  /** Calls `listener` each time that there is one more, before anything else is done about it. */
  onOpen(listener: Listener): void {
    this.#onOpen.push(listener);
  }

  /** Calls `listener` each time that one has been sent, or its connection has ended. */
  onClose(listener: Listener): void {
    this.#onClose.push(listener);
  }

  add(socket: Socket, response: Response): void {
    const open = this.#bySocket.get(socket) ?? new Set();
    this.#bySocket.set(socket, open.add(response));
    this.#counts.set(socket, this.countOn(socket) + 1);
    // One for all who want to know: of more than ten on a response, Node warns.
    response.once('close', () => {
      open.delete(response);
      for (const listener of this.#onClose) listener(socket);
    });
    for (const listener of this.#onOpen) listener(socket);
  }

  /** How many there have been, with those that are over. */
  countOn(socket: Socket): number {
    return this.#counts.get(socket) ?? 0;
  }

  areOpenOn(socket: Socket): boolean {
    return (this.#bySocket.get(socket)?.size ?? 0) > 0;
  }

  /** How many the client has still to wait for. */
  waitingOn(socket: Socket): number {
    let count = 0;
    for (const response of this.#bySocket.get(socket) ?? []) if (isWaiting(response)) count += 1;
    return count;
  }

  /** Whether one of them has begun: what is written beside it would become a part of it. */
  hasBegunOn(socket: Socket): boolean {
    for (const { headersSent } of this.#bySocket.get(socket) ?? []) if (headersSent) return true;
    return false;
  }
}

function isWaiting({ socket, writableEnded, writableFinished }: Response): boolean {
  // Only the one in front has the socket. Once it has ended, the client may have all of it and send
  // the next request, while TLS tells of what it has written a turn later.
  const isOut = writableEnded && socket !== null;
  return !isOut && !writableFinished;
}
