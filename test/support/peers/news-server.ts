import type { AddressInfo, Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { TestContext } from 'vitest';
import type { Channel } from '../../../plugins/events/channel.ts';
import { EventHub } from '../../../plugins/events/event-hub.ts';
import sse, { memoryStore } from '../../../plugins/sse.ts';
import websocket from '../../../plugins/websocket.ts';

/** A server with a channel on both transports, closed when the test ends. */
export class NewsServer {
  readonly app: FastifyInstance;
  readonly #sockets = new Set<Socket>();
  readonly #newHub: () => EventHub;
  #hub: EventHub;

  private constructor(app: FastifyInstance, newHub: () => EventHub) {
    this.app = app;
    this.#newHub = newHub;
    this.#hub = newHub();
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
    const settings = { retry: 100, heartbeatInterval };
    const newHub = () => new EventHub({ store: memoryStore({ limit }), ...settings });
    const server = new NewsServer(app, newHub);
    onTestFinished(() => app.close());
    app.addHook('preClose', () => server.#hub.close());
    await app.register(sse, settings);
    const channel = () => server.channel;
    await app.register(websocket, { path: '/events/ws', channel });
    app.get('/events', (_request, reply) => reply.sse(server.channel));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return server;
  }

  get channel(): Channel {
    return this.#hub.channel('news');
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
    this.#hub = this.#newHub();
    for (const stream of channel.streams) stream.close();
  }
}
