import type { Duplex, Writable } from 'node:stream';

/** What is under way between clients and upstreams, to be broken off when the server closes. */
export class Exchanges {
  readonly #controllers = new Set<AbortController>();
  readonly #sockets = new Set<Duplex>();

  /** A signal that is aborted when the response is closed, by the client or by the server. */
  begin(response: Writable): AbortSignal {
    const controller = new AbortController();
    this.#controllers.add(controller);
    response.once('close', () => {
      this.#controllers.delete(controller);
      controller.abort();
    });
    return controller.signal;
  }

  /** Connections that are on their own from here on. */
  add(...sockets: readonly Duplex[]): void {
    for (const socket of sockets) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
  }

  breakOff(): void {
    for (const controller of this.#controllers) controller.abort();
    for (const socket of this.#sockets) socket.destroy();
  }
}
