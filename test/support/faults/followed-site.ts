import { expect, onTestFinished } from 'vitest';
import {
  createDevServer,
  type DevServer,
  type DevServerOptions,
} from '../../../server/create-dev-server.ts';
import { FileFollower } from './file-follower.ts';
import type { Mirror } from './mirror.ts';

const soon = { timeout: 30_000, interval: 20 };

/** A dev server on a folder, and a client that follows its events and believes them. */
export class FollowedSite {
  readonly root: string;
  readonly origin: string;
  readonly follower: FileFollower;
  readonly mirror: Mirror;
  readonly #server: DevServer;
  #taken = 0;

  private constructor(root: string, origin: string, server: DevServer, follower: FileFollower) {
    this.root = root;
    this.origin = origin;
    this.follower = follower;
    this.mirror = follower.mirror;
    this.#server = server;
  }

  /** Served until the test ends, or until it is closed. */
  static async start(
    root: string,
    options: Omit<DevServerOptions, 'root' | 'port' | 'host'> = {},
  ): Promise<FollowedSite> {
    const server = await createDevServer({ ...options, root, host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    const origin = new URL(await server.listen()).origin;
    const follower = await FileFollower.start(origin, root);
    return new FollowedSite(root, origin, server, follower);
  }

  /**
   * Resolves once this process has nothing to do: what goes before the watcher has come to it for the
   * first time is not told.
   */
  async rest(): Promise<void> {
    let before: NodeJS.CpuUsage | undefined;
    const busyMilliseconds = () => {
      const { user, system } = process.cpuUsage(before);
      const busy = before && (user + system) / 1000;
      before = process.cpuUsage();
      return busy ?? Number.POSITIVE_INFINITY;
    };
    await expect.poll(busyMilliseconds, { ...soon, interval: 300 }).toBeLessThan(30);
  }

  /** How many changes have come since the last time. */
  take(): number {
    const taken = this.mirror.told.length - this.#taken;
    this.#taken = this.mirror.told.length;
    return taken;
  }

  /** All that was done was told, in an order that makes sense, and nothing was lost. */
  async expectExact(): Promise<void> {
    await this.mirror.expectExact();
    this.follower.expectWhole();
  }

  async close(): Promise<void> {
    this.follower.leave();
    await this.#server.close();
  }
}
