import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request as the upstream got it. */
export interface Received {
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * A backend behind the proxy, which tells what it was asked: `/to?<url>` redirects, all else echoes.
 * It takes each upgrade.
 */
export class Upstream {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Upstream> {
    const server = createServer((request, response) => {
      const { url: target = '', headers } = request;
      upstream.received.push({ target, headers });
      const [, location] = /\/to\?(.*)$/.exec(target) ?? [];
      if (location !== undefined) response.writeHead(302, { location }).end();
      else {
        const own = {
          'content-type': 'application/json',
          connection: 'x-internal',
          'x-internal': 'x',
        };
        response.writeHead(200, own).end(JSON.stringify({ target, headers }));
      }
    });
    const upstream = new Upstream(server);
    server.on('upgrade', ({ url: target = '', headers }, socket) => {
      upstream.received.push({ target, headers });
      upstream.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it was asked since the last call. */
  take(): Received[] {
    return this.received.splice(0);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
