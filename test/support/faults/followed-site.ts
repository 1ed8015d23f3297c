import { expect, onTestFinished } from 'vitest';
import { POSITION } from '../../../plugins/events/message.ts';
import { createDevServer, type DevServerOptions } from '../../../server/create-dev-server.ts';
import { openSSE } from '../event-reader.ts';
import { Mirror } from './mirror.ts';

const soon = { timeout: 30_000, interval: 20 };

/** A dev server on a folder, and a client that follows its events and believes them. */
export class FollowedSite {
  readonly root: string;
  readonly mirror: Mirror;
  readonly notices: string[] = [];
  /** How often the client was told of a loss. */
  losses = 0;
  #isPlaced = false;
  #taken = 0;
  #close: () => Promise<void> = async () => {};

  private constructor(root: string) {
    this.root = root;
    this.mirror = new Mirror(root);
  }

  /** Served until the test ends, or until it is closed. */
  static async start(
    root: string,
    options: Omit<DevServerOptions, 'root' | 'port' | 'host'> = {},
  ): Promise<FollowedSite> {
    const site = new FollowedSite(root);
    const onNotice = ({ text }: { readonly text: string }) => void site.notices.push(text);
    const server = await createDevServer({
      onNotice,
      ...options,
      root,
      host: '127.0.0.1',
      port: 0,
    });
    const url = await server.listen();
    const reader = openSSE(`${url}events`, undefined, {
      onEvent: ({ event, data }) => site.#receive(event, JSON.parse(data)),
      onClose: () => {},
    });
    site.#close = async () => {
      reader.kill();
      await server.close();
    };
    onTestFinished(() => site.close());
    await expect.poll(() => site.#isPlaced, soon).toBe(true);
    return site;
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
    expect(this.losses).toBe(0);
  }

  close(): Promise<void> {
    return this.#close();
  }

  #receive(event: string, data: Parameters<Mirror['take']>[0] & { recovered?: boolean }): void {
    if (event !== POSITION) this.mirror.take(data);
    else this.#isPlaced = true;
    if (data.recovered === false) this.losses += 1;
  }
}
