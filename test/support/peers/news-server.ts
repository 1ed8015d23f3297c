import type { AddressInfo, Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { TestContext } from 'vitest';
import type { Channel } from '../../../plugins/events/channel.ts';
import sse, { memoryStore } from '../../../plugins/sse.ts';
import websocket from '../../../plugins/websocket.ts';

/** A server with a channel on both transports, closed when the test ends. */
export class NewsServer {
  readonly app: FastifyInstance;
  readonly #sockets = new Set<Socket>();
  #editions = 0;

  private constructor(app: FastifyInstance) {
    this.app = app;
    app.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** `limit`: how many events are kept; `heartbeatInterval` in milliseconds. */
  static async start(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    { limit = 1000, heartbeatInterval = 15_000 } = {},
  ): Promise<NewsServer> {
    const app = Fastify();
    const server = new NewsServer(app);
    onTestFinished(() => app.close());
    const store = memoryStore({ limit });
    await app.register(sse, { store, retry: 100, heartbeatInterval });
    const channel = () => server.channel;
    await app.register(websocket, { path: '/events/ws', channel, heartbeatInterval });
    app.get('/events', (_request, reply) => reply.sse(server.channel));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return server;
  }

  get channel(): Channel {
    return this.app.channel(`news ${this.#editions}`);
  }

  get port(): number {
    return (this.app.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }

  /** Bytes sent over the connections that are open. */
  get bytesWritten(): number {
    return [...this.#sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0);
  }

  /** Breaks every connection off, whatever is on its way. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every stream in good order; whoever comes back finds a log that began anew. */
  beginAnew(): void {
    const { channel } = this;
    this.#editions += 1;
    channel.close();
  }
}
