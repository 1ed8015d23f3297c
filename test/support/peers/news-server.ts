import type { AddressInfo, Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { TestContext } from 'vitest';
import type { Channel } from '../../../plugins/events/channel.ts';
import { Hub } from '../../../plugins/events/hub.ts';
import type { EventStore } from '../../../plugins/events/store.ts';
import sse, { memoryStore } from '../../../plugins/sse.ts';
import websocket from '../../../plugins/websocket.ts';

export interface NewsServerOptions {
  /** How many events are kept, in memory. @default 1000 */
  readonly limit?: number;
  /** In milliseconds. @default 15_000 */
  readonly heartbeatInterval?: number;
  /** Whether clients that take gzip get it. @default false */
  readonly compress?: boolean;
  /** Opens what keeps them instead: again, empty, whenever the log begins anew. */
  readonly openStore?: () => Promise<EventStore>;
}

/** A server with a channel on both transports, closed when the test ends. */
export class NewsServer {
  readonly app: FastifyInstance;
  readonly #sockets = new Set<Socket>();
  readonly #newHub: () => Promise<Hub>;
  readonly #compress: boolean;
  #hub: Hub;

  private constructor(
    app: FastifyInstance,
    hub: Hub,
    newHub: () => Promise<Hub>,
    compress: boolean,
  ) {
    this.app = app;
    this.#newHub = newHub;
    this.#compress = compress;
    this.#hub = hub;
    app.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    {
      limit = 1000,
      heartbeatInterval = 15_000,
      compress = false,
      openStore,
    }: NewsServerOptions = {},
  ): Promise<NewsServer> {
    const app = Fastify();
    const settings = { retry: 100, heartbeatInterval };
    const newHub = async () =>
      new Hub({ store: (await openStore?.()) ?? memoryStore({ limit }), ...settings });
    const server = new NewsServer(app, await newHub(), newHub, compress);
    onTestFinished(() => server.#end());
    app.addHook('preClose', () => server.#hub.close());
    await app.register(sse, settings);
    const channel = () => server.channel;
    await app.register(websocket, { path: '/events/ws', channel });
    app.get('/events', (_request, reply) => reply.sse(server.channel));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return server;
  }

  get channel(): Channel {
    return this.#hub.channel('news', { compress: this.#compress });
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
  async beginAnew(): Promise<void> {
    const { channel } = this;
    this.#hub = await this.#newHub();
    for (const stream of channel.streams) stream.close();
  }

  async #end(): Promise<void> {
    // Some clients connect once more, and ask for nothing, which keeps a server open for a minute.
    this.app.server.on('connection', (socket: Socket) => socket.destroy());
    this.breakConnections();
    await this.app.close();
  }
}
