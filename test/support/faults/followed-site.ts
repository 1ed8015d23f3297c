import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { POSITION } from '../../../plugins/events/message.ts';
import { createDevServer, type DevServerOptions } from '../../../server/create-dev-server.ts';
import { openSSE } from '../event-reader.ts';
import { Mirror } from './mirror.ts';

const SENTINEL = 'zz-sentinel.txt';
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

  /** How many changes have come since the last time. */
  take(): number {
    const taken = this.mirror.told.length - this.#taken;
    this.#taken = this.mirror.told.length;
    return taken;
  }

  /** Nothing is to come any more, nothing has been wrong, and nothing was lost. */
  async settle(): Promise<void> {
    const { told } = this.mirror;
    const [made, gone] = [`create ${SENTINEL}`, `remove ${SENTINEL}`];
    const count = told.filter((change) => change === gone).length;
    await writeFile(join(this.root, SENTINEL), String(count));
    await expect.poll(() => told.filter((each) => each === made).length, soon).toBe(count + 1);
    await rm(join(this.root, SENTINEL));
    await expect.poll(() => told.filter((each) => each === gone).length, soon).toBe(count + 1);
    expect(this.mirror.differences()).toEqual([]);
    expect({ faults: this.mirror.faults, losses: this.losses }).toEqual({ faults: [], losses: 0 });
  }

  close(): Promise<void> {
    return this.#close();
  }

  #receive(event: string, data: Parameters<Mirror['take']>[0] & { recovered?: boolean }): void {
    if (event !== POSITION) return this.mirror.take(data);
    if (data.recovered === false) this.losses += 1;
    this.#isPlaced = true;
  }
}
