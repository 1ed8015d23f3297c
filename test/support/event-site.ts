import { readFile } from 'node:fs/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import sse from '../../plugins/sse.ts';
import websocket from '../../plugins/websocket.ts';
import { freePort } from './free-port.ts';

const script = new URL('../../dist/client/connect.js', import.meta.url);
const PAGE = `<!doctype html><title>events</title>
<script type="module">
  import { connect } from '/connect.js';
  globalThis.log = [];
  globalThis.follow = (options, types, url) => {
    globalThis.events = connect(url, options);
    for (const type of ['open', 'error', 'dev-serve:lost', 'dev-serve:close', ...types]) {
      events.on(type, (data, { id }) => log.push({ type, data, id }));
    }
  };
</script>`;

/** One line of a page's log: an event that a listener was called with. */
export interface Heard {
  readonly type: string;
  readonly data: unknown;
  readonly id: string;
}

interface SiteOptions {
  /** Called with each app before it listens. */
  readonly prepare?: (app: FastifyInstance) => void;
  /** Whether the stream of the channel is compressed. @default false */
  readonly compress?: boolean;
}

/** A server with the channel `news` at `/news` and `/news/ws`, and a page that follows it. */
export class EventSite {
  /** `GET /path` of every stream that was asked for, over all restarts. */
  readonly requests: string[] = [];
  /** Streams that are open now. */
  openStreams = 0;
  #store = memoryStore();
  readonly #options: SiteOptions;
  #app: FastifyInstance | undefined;
  readonly #port: number;

  private constructor(port: number, options: SiteOptions) {
    this.#port = port;
    this.#options = options;
  }

  static async start(options: SiteOptions = {}): Promise<EventSite> {
    // Not one that the system gives out: a server that is started again has to get it again.
    const site = new EventSite(await freePort(), options);
    onTestFinished(() => site.stop());
    await site.start();
    return site;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** @param isSame whether the server comes back with the log that it had */
  async start(isSame = true): Promise<void> {
    if (!isSame) this.#store = memoryStore();
    const app = Fastify();
    app.addHook('onRequest', async (request) => {
      if (!request.url.startsWith('/news')) return;
      this.requests.push(`${request.method} ${request.url}`);
      // One that was given up in the meantime is closed already.
      if (request.raw.socket.destroyed) return;
      this.openStreams++;
      request.raw.socket.once('close', () => this.openStreams--);
    });
    const { prepare, compress = false } = this.#options;
    prepare?.(app);
    await app.register(sse, { store: this.#store, retry: 200 });
    await app.register(websocket, { path: '/news/ws', channel: 'news' });
    app.get('/', (_request, reply) => reply.type('text/html').send(PAGE));
    app.get('/connect.js', async (_request, reply) =>
      reply.type('text/javascript').send(await readFile(script)),
    );
    app.get('/news', (_request, reply) => reply.sse(app.channel('news', { compress })));
    await app.listen({ host: '127.0.0.1', port: this.#port });
    this.#app = app;
  }

  async stop(): Promise<void> {
    await this.#app?.close();
    this.#app = undefined;
  }

  /** Publishes ticks `{ n }` on the channel, whether or not its server is up. */
  async tick(...numbers: number[]): Promise<void> {
    for (const n of numbers) await this.publish('tick', { n });
  }

  /** @returns the id of the event */
  async publish(event: string, data: unknown): Promise<string> {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    const { id } = await this.#store.append('news', { event, data: text });
    return id;
  }
}

declare const log: Heard[];
declare const follow: (options: object, types: readonly string[], url: string) => void;

/** Lets a page follow the channel. */
export async function followIn(
  page: Page,
  options: object = {},
  types: readonly string[] = ['tick'],
  url = '/news',
): Promise<void> {
  await page.evaluate((args) => follow(...args), [options, types, url] as const);
}

/** What the listeners of a page were called with. */
export function heardIn(page: Page): Promise<Heard[]> {
  return page.evaluate(() => log);
}

/** The numbers of the ticks that a page has heard, in order. */
export async function ticksIn(page: Page): Promise<unknown[]> {
  const heard = await heardIn(page);
  return heard.flatMap(({ type, data }) =>
    type === 'tick' ? [JSON.parse(JSON.stringify(data)).n] : [],
  );
}

/** Types of all that a page has heard. */
export async function typesIn(page: Page): Promise<string[]> {
  return (await heardIn(page)).map(({ type }) => type);
}
