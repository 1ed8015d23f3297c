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
    app.addHook('preClose', () => this.close());
  }

  /**
   * Opens one; whoever comes before the server itself listens is hung up on.
   *
   * @returns its port
   * @throws what the system says, e.g. that the port is taken
   */
  open(port: number, host: string): Promise<number> {
    const { server } = this.#app;
    // As node:http has them: a client may end its side before it is answered; nothing waits for more.
    const options = { allowHalfOpen: !('setSecureContext' in server), noDelay: true };
    const entrance = createServer(options, (socket) => {
      if (server.listening) server.emit('connection', socket);
      else socket.destroy();
    });
    return new Promise((resolve, reject) => {
      entrance.once('error', reject);
      entrance.listen({ port, host }, () => {
        this.#open.push(entrance);
        const address = entrance.address();
        resolve(typeof address === 'object' ? (address?.port ?? port) : port);
      });
    });
  }

  /** Closes all; who has come in stays. */
  async close(): Promise<void> {
    for (const entrance of this.#open.splice(0)) entrance.close();
  }
}
