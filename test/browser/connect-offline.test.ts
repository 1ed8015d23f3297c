import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium, useWholeChromium } from '../support/chromium.ts';
import { EventSite, followIn, ticksIn, typesIn } from '../support/event-site.ts';
import { startProxy } from '../support/proxy.ts';

const chromium = useChromium();
/** Only this one keeps pages in its history. */
const wholeChromium = useWholeChromium();

describe.skipIf(!hasChromium)('a browser that goes offline', () => {
  // It would try again by itself after 3 s: a busy machine may be as slow.
  it('goes on as soon as it is online again', { retry: 3 }, async () => {
    const site = await EventSite.start();
    let isCut = false;
    const proxy = await startProxy(site.port, {
      answer: (_request, response) => {
        if (isCut) response.destroy();
        return isCut;
      },
    });
    const context = await chromium.newContext();
    const page = await context.newPage();
    await page.goto(proxy.url);
    await followIn(page, { websocket: false });
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1);
    await context.setOffline(true);
    isCut = true;
    await site.stop();
    await site.start();
    await site.tick(2);
    const waits = () =>
      page.evaluate('Math.max(0, ...log.flatMap(({ data }) => data?.retryIn ?? []))');
    await expect.poll(waits, { timeout: 20_000 }).toBeGreaterThan(3000);
    isCut = false;
    const start = performance.now();
    await context.setOffline(false);
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2]);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe.skipIf(!hasChromium)('a page that is left and comes back', () => {
  it('lets its connection go meanwhile, and misses nothing', async () => {
    const site = await EventSite.start();
    const page = await (await wholeChromium.newContext()).newPage();
    await page.goto(site.url);
    await followIn(page);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1);
    await expect.poll(() => ticksIn(page), soon).toEqual([1]);
    await page.goto(`${site.url}connect.js`);
    await expect.poll(() => site.openStreams, soon).toBe(0);
    await site.tick(2);
    await page.goBack({ waitUntil: 'commit' });
    // Kept as it was: a page that was loaded again would have an empty log.
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2]);
    expect(await typesIn(page)).toEqual(['open', 'tick', 'open', 'tick']);
  });

  it('lets go too when the browser freezes it', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await followIn(page);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    // Headless pages are always visible, and a visible page cannot be frozen for real.
    await page.evaluate(`document.dispatchEvent(new Event('freeze'))`);
    await expect.poll(() => site.openStreams, soon).toBe(0);
    await site.tick(1);
    await page.evaluate(`document.dispatchEvent(new Event('resume'))`);
    await expect.poll(() => ticksIn(page), soon).toEqual([1]);
  });
});
