import { createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * More addresses at which a server answers. Whoever comes in there is the server's own, with the same
 * limits, hooks and end.
 */
export class Entrances {
  readonly #app: FastifyInstance;
  readonly #open: Server[] = [];

  constructor(app: FastifyInstance) {
    this.#app = app;
    app.addHook('preClose', async () => {
      for (const entrance of this.#open) entrance.close();
    });
  }

  /** Opens one, if the address is to be had. */
  open(port: number, host: string): Promise<void> {
    const entrance = createServer((socket) => this.#app.server.emit('connection', socket));
    this.#open.push(entrance);
    return new Promise((resolve) => {
      entrance.once('error', () => resolve());
      entrance.listen({ port, host }, resolve);
    });
  }
}
