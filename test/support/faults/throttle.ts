import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listenOn } from './listen-on.ts';

const PACE_MILLISECONDS = 500;

/** A way to a server on which answers come at so many bytes a second, or not at all, until it opens. */
export class Throttle {
  readonly #bytesPerPace: number;
  readonly #links = new Map<Socket, Socket>();
  readonly #timer: NodeJS.Timeout;
  #isOpen = false;
  #origin = '';

  private constructor(bytesPerSecond: number) {
    this.#bytesPerPace = Math.floor((bytesPerSecond * PACE_MILLISECONDS) / 1000);
    this.#timer = setInterval(() => this.#trickle(), PACE_MILLISECONDS);
  }

  static async start(target: string, bytesPerSecond: number): Promise<Throttle> {
    const throttle = new Throttle(bytesPerSecond);
    const { hostname, port } = new URL(target);
    const server = createServer((client) => {
      // Paused before it is connected: nothing is read of it.
      throttle.#link(client, connect(Number(port), hostname).pause());
    });
    throttle.#origin = await listenOn(server);
    onTestFinished(() => {
      clearInterval(throttle.#timer);
      server.close();
      for (const [upstream, client] of throttle.#links) {
        upstream.destroy();
        client.destroy();
      }
    });
    return throttle;
  }

  get origin(): string {
    return this.#origin;
  }

  /** From now on everything passes, what has waited first. */
  open(): void {
    this.#isOpen = true;
    clearInterval(this.#timer);
    for (const [upstream, client] of this.#links) upstream.pipe(client);
  }

  #link(client: Socket, upstream: Socket): void {
    this.#links.set(upstream, client);
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.pipe(upstream);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => {
      this.#links.delete(upstream);
      client.destroySoon();
    });
    if (this.#isOpen) upstream.pipe(client);
  }

  #trickle(): void {
    if (this.#bytesPerPace === 0) return;
    for (const [upstream, client] of this.#links) {
      const bytes = upstream.read(Math.min(this.#bytesPerPace, upstream.readableLength));
      if (bytes) client.write(bytes);
      // Has it read from the system once there is nothing left.
      else upstream.read(0);
    }
  }
}
