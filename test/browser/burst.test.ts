import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p><script src="/49.js"></script></body></html>`;

/** A pause in which a page that loads quickly takes the burst for over. */
const PAUSE_MS = 250;

async function open() {
  const times: number[] = [];
  const site = await LiveSite.start(
    { 'index.html': page('0'), '49.js': 'var n = 0' },
    { onChange: () => times.push(performance.now()) },
  );
  const context = await chromium.newContext();
  const tab = await context.newPage();
  await tab.goto(site.url);
  /** For a burst spread over time: two, and one more for each pause that a busy machine adds to it. */
  const allowed = () =>
    2 + times.filter((time, index) => time - (times[index - 1] ?? time) > PAUSE_MS).length;
  return { site, tab, count: countLoads(tab), allowed };
}

// A locator waits for a page that is just being loaded again.
const textOf = (tab: Page) => tab.locator('p').textContent();

// A browser that stands still in the midst of it sees two.
describe.skipIf(!hasChromium)('a burst', { retry: 2 }, () => {
  it('of 20 saves of one file ends in its final state after at most two reloads', async () => {
    const { site, tab, count, allowed } = await open();
    for (let n = 1; n <= 20; n++) await site.write('index.html', page(String(n)));
    await expect.poll(() => textOf(tab), soon).toBe('20');
    await quietWindow();
    expect(await textOf(tab)).toBe('20');
    expect(count.loads).toBeLessThanOrEqual(allowed());
  });

  it.each([0, 20])('of 50 files, %i ms apart, does so too', async (interval) => {
    const { site, tab, count, allowed } = await open();
    for (let n = 0; n < 50; n++) {
      await site.write(`${n}.js`, 'var n = 50');
      if (interval > 0) await pause(interval);
    }
    await expect.poll(() => tab.evaluate('window.n'), soon).toBe(50);
    await quietWindow();
    expect(count.loads).toBeLessThanOrEqual(allowed());
  });

  it('of saves that are further apart than a first reload waits does so too', async () => {
    const { site, tab, count, allowed } = await open();
    for (let n = 1; n <= 8; n++) {
      await site.write('index.html', page(String(n)));
      await pause(100);
    }
    await expect.poll(() => textOf(tab), soon).toBe('8');
    await quietWindow();
    expect(count.loads).toBeLessThanOrEqual(allowed());
  });
});
