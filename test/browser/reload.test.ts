import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head><script src="/app.js"></script></head><body>${text}</body></html>`;

async function open(files: Record<string, string>) {
  const site = await LiveSite.start(files);
  const context = await chromium.newContext();
  const tab = await context.newPage();
  await tab.goto(site.url);
  return { site, tab, count: countLoads(tab) };
}

const textOf = (tab: Page) => tab.evaluate(() => document.body?.textContent ?? '');

describe.skipIf(!hasChromium)('an edit', () => {
  it('of the page reloads it once', async () => {
    const { site, tab, count } = await open({ 'index.html': page('one'), 'app.js': '' });
    await site.write('index.html', page('two'));
    await expect.poll(() => textOf(tab), soon).toBe('two');
    await quietWindow();
    expect(count.loads).toBe(1);
  });

  it('of a script reloads the page once', async () => {
    const { site, tab, count } = await open({ 'index.html': page('one'), 'app.js': 'var n = 1' });
    await site.write('app.js', 'var n = 2');
    await expect.poll(() => tab.evaluate('window.n'), soon).toBe(2);
    await quietWindow();
    expect(count.loads).toBe(1);
  });
});
