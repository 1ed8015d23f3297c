import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, heardIn, ticksIn, typesIn } from '../support/event-site.ts';

const chromium = useChromium();

describe.skipIf(!hasChromium)('a page that follows a channel', () => {
  it('hears each event once, in order, typed and parsed', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await followIn(page, {}, ['tick', 'message']);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1, 2, 3);
    await site.publish('message', 'two\nlines');
    await expect
      .poll(() => typesIn(page), soon)
      .toEqual(['open', 'tick', 'tick', 'tick', 'message']);
    const heard = await heardIn(page);
    expect(heard[0]?.data).toEqual({ transport: 'sse', recovered: true });
    expect(await ticksIn(page)).toEqual([1, 2, 3]);
    expect(heard[1]?.id).toMatch(/^[0-9a-z]+-1$/);
    expect(heard[4]?.data).toBe('two\nlines');
  });

  it('shares its connection with two more tabs', async () => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    const pages = [await context.newPage(), await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await page.goto(site.url);
      await followIn(page);
      await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    }
    await site.tick(1, 2, 3);
    for (const page of pages) await expect.poll(() => ticksIn(page), soon).toEqual([1, 2, 3]);
    expect(site.requests).toHaveLength(1);
  });
});
