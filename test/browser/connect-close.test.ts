import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, heardIn, ticksIn, typesIn } from '../support/event-site.ts';

const chromium = useChromium();

const position = 'event: dev-serve:position\nid: a-1\ndata: {"recovered":true}\n\n';
const eviction = 'event: dev-serve:close\ndata: {"reason":"evicted"}\nretry: 2147483647\n\n';

/** Answers `/evicting` and `/evicting/ws` as a server does that evicts after the first frame. */
function evicting(app: FastifyInstance): void {
  app.get('/evicting', (_request, reply) => {
    reply.type('text/event-stream');
    return position + eviction;
  });
}

describe.skipIf(!hasChromium)('a connection', () => {
  it.each(['events.close()', 'controller.abort()'])(
    'is closed for good by %s, without an event',
    async (close) => {
      const site = await EventSite.start();
      const page = await (await chromium.newContext()).newPage();
      await page.goto(site.url);
      await page.evaluate(`
      globalThis.controller = new AbortController();
      follow({ signal: controller.signal }, ['tick'], '/news');
    `);
      await expect.poll(() => typesIn(page), soon).toEqual(['open']);
      await site.tick(1);
      await expect.poll(() => ticksIn(page), soon).toEqual([1]);
      await page.evaluate(close);
      expect(await page.evaluate('events.state')).toBe('closed');
      await expect.poll(() => site.openStreams, soon).toBe(0);
      await site.tick(2);
      await page.evaluate(
        `dispatchEvent(new Event('online')); dispatchEvent(new Event('pageshow'))`,
      );
      await quietWindow();
      expect(await typesIn(page)).toEqual(['open', 'tick']);
      expect(site.requests).toHaveLength(1);
    },
  );

  it('is not opened with a signal that is aborted', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await page.evaluate(`follow({ signal: AbortSignal.abort() }, ['tick'], '/news')`);
    await quietWindow();
    expect(await page.evaluate('events.state')).toBe('closed');
    expect(site.requests).toEqual([]);
  });

  it.each([true, false])(
    'that the server evicts is closed for good (shared: %s)',
    async (shared) => {
      let asked = 0;
      const site = await EventSite.start({
        prepare(app) {
          app.addHook('onRequest', async ({ url }) => {
            if (url.startsWith('/evicting')) asked++;
          });
          evicting(app);
        },
      });
      const page = await (await chromium.newContext()).newPage();
      await page.goto(site.url);
      await followIn(page, { shared }, ['tick'], '/evicting');
      await expect.poll(() => typesIn(page), soon).toEqual(['open', 'dev-serve:close']);
      expect((await heardIn(page)).at(-1)?.data).toEqual({ reason: 'evicted' });
      expect(await page.evaluate('events.state')).toBe('closed');
      await quietWindow();
      expect(asked).toBe(1);
      expect(await page.evaluate('events.lastEventId')).toBe('a-1');
    },
  );

  it('that the server evicts from a WebSocket is closed for good', async () => {
    const site = await EventSite.start();
    let asked = 0;
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      asked++;
      socket.close(4000, 'evicted');
    });
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      const page = await (await chromium.newContext()).newPage();
      await page.goto(site.url);
      const websocket = `ws://127.0.0.1:${port}/`;
      await followIn(page, { websocket }, ['tick'], '/nowhere');
      await expect.poll(() => typesIn(page), soon).toEqual(['dev-serve:close']);
      await quietWindow();
      expect(asked).toBe(1);
    } finally {
      server.close();
    }
  });

  it('that the server evicts is closed in all tabs that share it', async () => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    const pages = [await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await page.goto(site.url);
      await followIn(page);
      await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    }
    await site.publish('dev-serve:close', { reason: 'evicted' });
    for (const page of pages) {
      await expect.poll(() => typesIn(page), soon).toEqual(['open', 'dev-serve:close']);
    }
    await expect.poll(() => site.openStreams, soon).toBe(0);
    await quietWindow();
    expect(site.openStreams).toBe(0);
  });
});
