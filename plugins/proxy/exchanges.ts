import type { Duplex, Readable, Writable } from 'node:stream';

/** A request that may have to wait for hooks before it is passed on. */
interface Exchange {
  readonly body: Readable | undefined;
  /** Aborted when it ends, by the client or by the server. */
  readonly signal: AbortSignal;
}

/** What is under way between clients and upstreams, to be broken off when the server closes. */
export class Exchanges {
  readonly #begun = new WeakMap<Writable, Exchange>();
  readonly #controllers = new Set<AbortController>();
  readonly #sockets = new Set<Duplex>();

  /** @returns what ends it: nobody waits for the answer any more */
  begin(response: Writable, body: Readable): () => void {
    const controller = new AbortController();
    this.#begun.set(response, { body, signal: controller.signal });
    this.#controllers.add(controller);
    return () => {
      this.#controllers.delete(controller);
      controller.abort();
    };
  }

  get(response: Writable): Exchange {
    return this.#begun.get(response) ?? { body: undefined, signal: AbortSignal.abort() };
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
