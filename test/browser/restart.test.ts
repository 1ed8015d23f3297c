import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

describe.skipIf(!hasChromium)('a server that is stopped and started again', () => {
  it.each(['shared', 'private'])('reloads each tab once (%s stream)', async (kind) => {
    const site = await LiveSite.start({ 'index.html': page('one') });
    const context = await chromium.newContext();
    if (kind === 'private') await context.addInitScript('delete globalThis.SharedWorker');
    const tabs = await Promise.all([1, 2, 3].map(() => context.newPage()));
    for (const tab of tabs) await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(kind === 'shared' ? 1 : 3);
    const counts = tabs.map(countLoads);
    await site.stop();
    await site.write('index.html', page('two'));
    await site.start();
    for (const tab of tabs) await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    await quietWindow();
    expect(counts.map(({ loads }) => loads)).toEqual([1, 1, 1]);
    await site.write('index.html', page('three'));
    for (const tab of tabs) await expect.poll(() => tab.textContent('p'), soon).toBe('three');
    await quietWindow();
    expect(counts.map(({ loads }) => loads)).toEqual([2, 2, 2]);
  });
});
