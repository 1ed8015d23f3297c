import { describe, expect, it } from 'vitest';
import { busyFactor } from '../support/busy.ts';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  '<!doctype html><html><head><link rel="stylesheet" href="/a.css"></head>' +
  `<body><p>${text}</p></body></html>`;

/** Milliseconds for a page with a stylesheet, with eight others open: a browser has six connections. */
const NINTH = 2000;

describe.skipIf(!hasChromium)('N4: a ninth tab of one browser', () => {
  it.each(['both', 'sse'] as const)('loads within 2 s (%s)', async (streamMethod) => {
    const files = { 'index.html': page('one'), 'a.css': 'body { --n: 1 }' };
    const site = await LiveSite.start(files, { streamMethod });
    const context = await chromium.newContext();
    for (let n = 1; n <= 8; n += 1) {
      const tab = await context.newPage();
      await tab.goto(site.url);
    }
    await expect.poll(() => site.openStreams, soon).toBe(1);
    const ninth = await context.newPage();
    const startedAt = performance.now();
    await ninth.goto(site.url, { waitUntil: 'load' });
    expect(performance.now() - startedAt).toBeLessThan(NINTH * busyFactor());
    expect(await ninth.textContent('p')).toBe('one');
  });
});

describe.skipIf(!hasChromium)('N4: twelve tabs of one browser', () => {
  it('all load and all follow over one connection', async () => {
    const site = await LiveSite.start({ 'index.html': page('one'), 'a.css': 'body { --n: 1 }' });
    const context = await chromium.newContext();
    const tabs = await Promise.all(Array.from({ length: 12 }, () => context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto(site.url)));
    await expect.poll(() => site.openStreams, soon).toBe(1);

    await site.write('a.css', 'body { --n: 2 }');
    for (const tab of tabs) {
      const n = () => tab.evaluate(() => getComputedStyle(document.body).getPropertyValue('--n'));
      await expect.poll(n, soon).toBe('2');
    }
    expect(site.streams()).toHaveLength(1);

    const counts = tabs.map(countLoads);
    await site.write('index.html', page('two'));
    for (const tab of tabs) await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await quietWindow();
    expect(counts.map(({ loads }) => loads)).toEqual(tabs.map(() => 1));
    expect(site.openStreams).toBe(1);

    await Promise.all(tabs.map((tab) => tab.close()));
    await expect.poll(() => site.openStreams, soon).toBe(0);
  });

  it('do not miss a change that came while a tab was on its way to the others', async () => {
    const site = await LiveSite.start({ 'index.html': page('one') });
    const context = await chromium.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await first.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    let isFirst = true;
    await second.route('**/@dev-serve/client.js', async (route) => {
      if (isFirst) {
        isFirst = false;
        await site.write('index.html', page('two'));
        await expect.poll(() => first.textContent('p'), soon).toBe('two');
      }
      await route.continue();
    });
    const count = countLoads(second);
    await second.goto(site.url, { waitUntil: 'commit' });
    await expect.poll(() => second.textContent('p'), soon).toBe('two');
    await quietWindow();
    expect(count.loads).toBe(2);
  });
});
