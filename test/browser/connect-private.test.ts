import type { FastifyInstance } from 'fastify';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, ticksIn, typesIn } from '../support/event-site.ts';

const chromium = useChromium();

async function tab(
  context: BrowserContext,
  site: EventSite,
  url: string,
  options: object = {},
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.url);
  await followIn(page, options, ['tick', 'state'], url);
  return page;
}

/** Says nothing for longer than a client waits before it tries something else, then counts. */
function slow(app: FastifyInstance): void {
  app.get('/slow', (_request, reply) =>
    reply.sse(async function* ({ signal }) {
      for (let n = 1; !signal.aborted; n++) {
        await new Promise((resolve) => setTimeout(resolve, 4500));
        yield { event: 'tick', data: { n } };
      }
    }),
  );
}

describe.skipIf(!hasChromium)('two tabs', () => {
  it('each hear a stream that has no positions', async () => {
    const site = await EventSite.start({
      prepare(app) {
        app.get('/generator', (_request, reply) =>
          reply.sse(async function* ({ signal }) {
            for (let n = 0; !signal.aborted; n++) {
              yield { event: 'tick', data: { n } };
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
          }),
        );
      },
    });
    const context = await chromium.newContext();
    const first = await tab(context, site, '/generator');
    await expect.poll(() => typesIn(first), soon).toContain('open');
    const second = await tab(context, site, '/generator');
    await expect.poll(() => ticksIn(second), soon).toContain(3);
    expect((await ticksIn(second)).slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  it('each get the snapshot of a stream that has one, and the events after it', async () => {
    const site = await EventSite.start({
      prepare(app) {
        app.get('/private', (_request, reply) =>
          reply.sse(app.channel('news'), { snapshot: () => [{ event: 'state', data: 1 }] }),
        );
      },
    });
    const context = await chromium.newContext();
    const tabs: Page[] = [];
    for (let n = 0; n < 2; n++) {
      const page = await tab(context, site, '/private');
      await expect.poll(() => typesIn(page), soon).toEqual(['open', 'state']);
      tabs.push(page);
    }
    await site.tick(1);
    for (const page of tabs) {
      await expect.poll(() => typesIn(page), soon).toEqual(['open', 'state', 'tick']);
    }
  });

  it.each([
    ['alice', 'bob', 2],
    ['alice', 'alice', 1],
  ])('with the keys %s and %s have connections: %i', async (one, other, count) => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    for (const shared of [one, other]) {
      const page = await tab(context, site, '/news', { shared });
      await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    }
    await expect.poll(() => site.openStreams, soon).toBe(count);
  });
});

describe.skipIf(!hasChromium)('a stream that is silent at first', () => {
  it('is waited for once there turns out to be no WebSocket', async () => {
    let asked = 0;
    const site = await EventSite.start({
      prepare(app) {
        app.addHook('onRequest', async ({ url }) => {
          if (/^\/slow(\?|$)/.test(url)) asked++;
        });
        slow(app);
      },
    });
    const page = await tab(await chromium.newContext(), site, '/slow');
    await expect.poll(() => ticksIn(page), { timeout: 20_000 }).toEqual([1]);
    expect(asked).toBe(2);
  }, 30_000);
});
