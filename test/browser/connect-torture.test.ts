import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, heardIn, ticksIn } from '../support/event-site.ts';
import { randomFrom, seed } from '../support/random.ts';

const chromium = useChromium();
const ACTIONS = 25;
const TABS = 4;

describe.skipIf(!hasChromium)('tabs that come and go while the server does too', () => {
  it(`hear all of a compressed stream from where they began, once and in order (TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed);
    const site = await EventSite.start({ compress: true });
    const context = await chromium.newContext();
    const tabs = new Map<Page, number>();
    let last = { n: 0, id: await site.publish('tick', { n: 0 }) };
    let isDone = false;

    const publishing = (async () => {
      while (!isDone) {
        const n = last.n + 1;
        last = { n, id: await site.publish('tick', { n }) };
        await new Promise((resolve) => setTimeout(resolve, random() * 4));
      }
    })();
    const open = async () => {
      const page = await context.newPage();
      await page.goto(site.url);
      const { n, id } = last;
      await followIn(page, { lastEventId: id });
      tabs.set(page, n + 1);
    };
    const check = async (page: Page) => {
      const [first = 0, ticks] = [tabs.get(page), await ticksIn(page)];
      expect(ticks).toEqual(ticks.map((_, index) => first + index));
      expect((await heardIn(page)).map(({ type }) => type)).not.toContain('dev-serve:lost');
    };
    const crash = async (page: Page) => {
      const devtools = await context.newCDPSession(page);
      const crashed = new Promise((resolve) => page.once('crash', resolve));
      devtools.send('Page.crash').catch(() => {});
      await crashed;
    };
    const restart = async () => {
      await site.stop();
      await site.start();
    };

    for (let action = 0; action < ACTIONS; action++) {
      const [page] = [...tabs.keys()].sort(() => random() - 0.5);
      if (!page || tabs.size < TABS) await open();
      else if (random() < 0.25) await restart();
      else {
        await check(page);
        tabs.delete(page);
        if (random() < 0.5) await crash(page);
        await page.close();
      }
    }
    isDone = true;
    await publishing;
    for (const page of tabs.keys()) {
      await expect.poll(async () => (await ticksIn(page)).at(-1), { timeout: 20_000 }).toBe(last.n);
      await check(page);
    }
    await expect.poll(() => site.openStreams, { timeout: 20_000 }).toBe(1);
  }, 90_000);
});
