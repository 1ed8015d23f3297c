import type { FastifyInstance } from 'fastify';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, ticksIn, typesIn } from '../support/event-site.ts';

const chromium = useChromium();

async function tab(context: BrowserContext, site: EventSite, options: object = {}): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.url);
  await followIn(page, options);
  await expect.poll(() => typesIn(page), soon).toEqual(['open']);
  return page;
}

/** A path that is never answered. */
function silent(app: FastifyInstance): void {
  app.get('/never', () => new Promise(() => {}));
}

/** The first one has the connection. */
async function threeTabs(site: EventSite): Promise<[Page, Page, Page]> {
  const context = await chromium.newContext();
  return [await tab(context, site), await tab(context, site), await tab(context, site)];
}

const ways: Record<string, (leader: Page, site: EventSite) => Promise<unknown>> = {
  'is closed': (leader) => leader.close(),
  navigates: (leader) => leader.goto('about:blank'),
  'closes its connection': (leader) => leader.evaluate('events.close()'),
  async crashes(leader) {
    const devtools = await leader.context().newCDPSession(leader);
    const crashed = new Promise((resolve) => leader.once('crash', resolve));
    devtools.send('Page.crash').catch(() => {});
    await crashed;
  },
  // Headless pages are always visible, and a visible page cannot be frozen for real.
  'is frozen': (leader) => leader.evaluate(`document.dispatchEvent(new Event('freeze'))`),
  async 'does not answer'(leader) {
    // It waits for an answer, and for nothing else: a loop would keep the machine busy too.
    const wait = `const asked = new XMLHttpRequest();
      asked.open('GET', '/never', false);
      asked.send();`;
    leader.evaluate(wait).catch(() => {});
  },
};

describe.skipIf(!hasChromium)('three tabs', () => {
  it('share one connection, each with all events', async () => {
    const site = await EventSite.start();
    const tabs = await threeTabs(site);
    await site.tick(1, 2, 3);
    for (const page of tabs) await expect.poll(() => ticksIn(page), soon).toEqual([1, 2, 3]);
    expect(site.requests).toHaveLength(1);
    await Promise.all(tabs.map((page) => page.close()));
    await expect.poll(() => site.openStreams, soon).toBe(0);
  });

  it.each(Object.keys(ways))(
    'miss nothing when the one that leads %s',
    async (way) => {
      const site = await EventSite.start({ prepare: silent });
      const [leader, ...others] = await threeTabs(site);
      const numbers = Array.from({ length: 300 }, (_, n) => n);
      await site.tick(...numbers.slice(0, 100));
      const leaving = ways[way]?.(leader, site);
      for (const n of numbers.slice(100)) {
        await site.tick(n);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await leaving;
      await site.tick(300);
      for (const page of others) {
        await expect.poll(async () => (await ticksIn(page)).at(-1), { timeout: 20_000 }).toBe(300);
        expect(await ticksIn(page)).toEqual([...numbers, 300]);
        expect(await typesIn(page)).not.toContain('dev-serve:lost');
      }
    },
    40_000,
  );

  it('share one connection again after a server that went away', async () => {
    const site = await EventSite.start();
    const tabs = await threeTabs(site);
    await site.tick(1);
    await site.stop();
    await site.tick(2);
    await site.start();
    await site.tick(3);
    for (const page of tabs) await expect.poll(() => ticksIn(page), soon).toEqual([1, 2, 3]);
    await expect.poll(() => site.openStreams, soon).toBe(1);
  });

  it('are told of a loss, each of them', async () => {
    const site = await EventSite.start();
    const tabs = await threeTabs(site);
    await site.stop();
    await site.start(false);
    for (const page of tabs) {
      await expect.poll(() => typesIn(page), soon).toContain('dev-serve:lost');
    }
  });
});

describe.skipIf(!hasChromium)('a tab that comes later', () => {
  it('is given what it has missed by the one that leads', async () => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    await tab(context, site);
    const lastEventId = await site.publish('tick', { n: 1 });
    await site.tick(2, 3);
    const page = await context.newPage();
    await page.goto(site.url);
    await followIn(page, { lastEventId });
    await expect.poll(() => ticksIn(page), soon).toEqual([2, 3]);
    expect(site.requests).toHaveLength(1);
  });

  it('reads what that one never had for itself, and shares then', async () => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    const lastEventId = await site.publish('tick', { n: 1 });
    await site.tick(2, 3);
    const first = await tab(context, site);
    const page = await context.newPage();
    await page.goto(site.url);
    await followIn(page, { lastEventId });
    await expect.poll(() => ticksIn(page), soon).toEqual([2, 3]);
    expect(site.requests).toHaveLength(2);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.tick(4);
    await expect.poll(() => ticksIn(page), soon).toEqual([2, 3, 4]);
    await expect.poll(() => ticksIn(first), soon).toEqual([4]);
  });

  it('hears events of a type that the others do not listen to', async () => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    const first = await tab(context, site);
    await site.publish('chat', 1);
    const page = await context.newPage();
    await page.goto(site.url);
    await followIn(page, {}, ['chat']);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.publish('chat', 2);
    await site.tick(1);
    await expect.poll(() => typesIn(page), soon).toEqual(['open', 'chat']);
    await expect.poll(() => ticksIn(first), soon).toEqual([1]);
    expect(site.requests).toHaveLength(1);
  });

  it('misses none of those that the others let pass', async () => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    const first = await tab(context, site);
    const lastEventId = await site.publish('tick', { n: 1 });
    await site.publish('chat', 1);
    await site.tick(2);
    await expect.poll(() => ticksIn(first), soon).toEqual([1, 2]);
    const page = await context.newPage();
    await page.goto(site.url);
    await followIn(page, { lastEventId }, ['tick', 'chat']);
    await expect.poll(() => typesIn(page), soon).toEqual(['open', 'chat', 'tick']);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.tick(3);
    await expect.poll(() => ticksIn(first), soon).toEqual([1, 2, 3]);
    await expect.poll(() => ticksIn(page), soon).toEqual([2, 3]);
  });
});
