import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import {
  createDevServer,
  type DevServer,
  type DevServerOptions,
} from '../../server/create-dev-server.ts';
import { freePort } from './free-port.ts';

interface SiteOptions extends Omit<DevServerOptions, 'root' | 'port' | 'host'> {
  /** Called with each app before it listens. */
  readonly prepare?: (app: FastifyInstance) => void;
}

/** A folder of files and the dev server on it, gone when the test ends. */
export class LiveSite {
  readonly root: string;
  /** `GET /path` of every request, upgrades included, over all restarts. */
  readonly requests: string[] = [];
  readonly #options: SiteOptions;
  #server: DevServer | undefined;
  readonly #port: number;

  private constructor(root: string, port: number, options: SiteOptions) {
    this.root = root;
    this.#port = port;
    this.#options = options;
  }

  static async start(files: Record<string, string>, options: SiteOptions = {}): Promise<LiveSite> {
    const root = await mkdtemp(join(tmpdir(), 'dev-serve-'));
    // Not one that the system gives out: a server that is started again has to get it again.
    const site = new LiveSite(root, await freePort(), options);
    onTestFinished(async () => {
      await site.stop();
      await rm(site.root, { recursive: true, force: true });
    });
    for (const [path, text] of Object.entries(files)) await site.write(path, text);
    await site.start();
    return site;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.#options.https ? 'https' : 'http'}://127.0.0.1:${this.#port}/`;
  }

  /** Documents that were asked for: loads and reloads of pages. */
  documents(path = '/'): number {
    return this.requests.filter((request) => request === `GET ${path}`).length;
  }

  /** Event streams that were opened, on either transport. */
  streams(): string[] {
    return this.requests.filter((request) => /^GET \/events(\/ws)?(\?|$)/.test(request));
  }

  /** Event streams that are open now. */
  openStreams = 0;

  async start(): Promise<void> {
    const { prepare, ...options } = this.#options;
    const server = await createDevServer({
      ...options,
      root: this.root,
      host: '127.0.0.1',
      port: this.#port,
      strictPort: true,
    });
    server.app.addHook('onRequest', async (request) => {
      this.requests.push(`${request.method} ${request.url}`);
      if (!/^\/events(\/ws)?(\?|$)/.test(request.url)) return;
      // One that was given up in the meantime is closed already.
      if (request.raw.socket.destroyed) return;
      this.openStreams++;
      request.raw.socket.once('close', () => this.openStreams--);
    });
    prepare?.(server.app);
    await server.listen();
    this.#server = server;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  remove(path: string): Promise<void> {
    return rm(join(this.root, path));
  }

  rename(from: string, to: string): Promise<void> {
    return rename(join(this.root, from), join(this.root, to));
  }
}
