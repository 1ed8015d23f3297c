import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const PACE_MILLISECONDS = 100;

/** A way to a server on which its answers come at so many bytes a second, or not at all. */
export class Throttle {
  readonly origin: string;
  #bytesPerSecond: number;
  readonly #upstreams: Set<Socket>;
  readonly #timer: NodeJS.Timeout;

  private constructor(origin: string, upstreams: Set<Socket>, bytesPerSecond: number) {
    this.origin = origin;
    this.#upstreams = upstreams;
    this.#bytesPerSecond = bytesPerSecond;
    this.#timer = setInterval(() => this.#pass(), PACE_MILLISECONDS);
  }

  static async start(target: string, bytesPerSecond: number): Promise<Throttle> {
    const upstreams = new Set<Socket>();
    const { hostname, port } = new URL(target);
    const server = createServer((client) => {
      const upstream = connect(Number(port), hostname).pause();
      upstreams.add(upstream);
      client.pipe(upstream);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
      for (const socket of [client, upstream]) socket.on('error', () => {});
      Throttle.#links.set(upstream, client);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('no port');
    const origin = `http://127.0.0.1:${address.port}`;
    const throttle = new Throttle(origin, upstreams, bytesPerSecond);
    onTestFinished(() => {
      clearInterval(throttle.#timer);
      server.close();
      for (const upstream of upstreams) upstream.destroy();
    });
    return throttle;
  }
}
