import type { IncomingMessage, Server, ServerResponse } from 'node:http';

type Response = Pick<ServerResponse, 'headersSent' | 'once'>;

/** The responses of HTTP/1.1 that are under way, by the socket they are for. */
export class OpenResponses {
  readonly #bySocket = new WeakMap<object, Set<Response>>();
  readonly #counts = new WeakMap<object, number>();

  /** Knows those of `server` from now on. */
  watch(server: Server): void {
    const add = ({ socket, httpVersionMajor }: IncomingMessage, response: Response) => {
      if (httpVersionMajor === 1) this.add(socket, response);
    };
    server.prependListener('request', add);
    server.prependListener('checkExpectation', add);
  }

  add(socket: object, response: Response): void {
    const open = this.#bySocket.get(socket) ?? new Set();
    this.#bySocket.set(socket, open.add(response));
    this.#counts.set(socket, this.countOn(socket) + 1);
    response.once('close', () => open.delete(response));
  }

  /** How many there have been, with those that are over. */
  countOn(socket: object): number {
    return this.#counts.get(socket) ?? 0;
  }

  areOpenOn(socket: object): boolean {
    return (this.#bySocket.get(socket)?.size ?? 0) > 0;
  }

  /** Whether one of them has begun: what is written beside it would become a part of it. */
  hasBegunOn(socket: object): boolean {
    for (const { headersSent } of this.#bySocket.get(socket) ?? []) if (headersSent) return true;
    return false;
  }
}
