import type { IncomingMessage, Server, ServerResponse } from 'node:http';

type Response = Pick<ServerResponse, 'headersSent' | 'once'>;

/** The responses of HTTP/1.1 that are under way, by the socket they are for. */
export class OpenResponses {
  readonly #bySocket = new WeakMap<object, Set<Response>>();

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
    response.once('close', () => open.delete(response));
  }

  /** Whether one of them has begun: what is written beside it would become a part of it. */
  hasBegunOn(socket: object): boolean {
    for (const { headersSent } of this.#bySocket.get(socket) ?? []) if (headersSent) return true;
    return false;
  }
}
