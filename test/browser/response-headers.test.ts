import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { listen } from '../support/http-servers.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p><img src="/pixel.svg"></body></html>`;
const files = {
  'index.html': page('one'),
  'pixel.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>',
};

describe.skipIf(!hasChromium)('a cross-origin isolated site', () => {
  it('is isolated, follows, and shares one stream among its tabs', async () => {
    const site = await LiveSite.start(files, { crossOriginIsolation: true });
    const context = await chromium.newContext();
    const tabs = [await context.newPage(), await context.newPage()];
    for (const tab of tabs) await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    for (const tab of tabs) {
      expect(await tab.evaluate(() => [crossOriginIsolated, document.images[0]?.width])).toEqual([
        true,
        5,
      ]);
    }
    await site.write('index.html', page('two'));
    for (const tab of tabs) await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    // Its worker goes with the old pages, and comes with the new ones.
    await expect.poll(() => site.openStreams, soon).toBe(1);
  });
});

describe.skipIf(!hasChromium)('a page on another port', () => {
  /** What such a page can do with a site: read a file, read it with a header, show its image. */
  async function reach(tab: Page, site: LiveSite): Promise<unknown> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<p>other');
    });
    await tab.goto(`http://127.0.0.1:${await listen(server)}/`);
    return tab.evaluate(async (url) => {
      const read = (init?: RequestInit) =>
        fetch(url, init).then(
          ({ status }) => status,
          () => 'forbidden',
        );
      const show = new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve('shown');
        image.onerror = () => resolve('forbidden');
        image.src = `${url}pixel.svg`;
      });
      return [await read(), await read({ headers: { 'x-own': 'a' } }), await show];
    }, site.url);
  }

  it('reads and shows nothing', async () => {
    const site = await LiveSite.start(files);
    const tab = await (await chromium.newContext()).newPage();
    expect(await reach(tab, site)).toEqual(['forbidden', 'forbidden', 'forbidden']);
  });

  it('reads and shows what `cors` lets it', async () => {
    const site = await LiveSite.start(files, { cors: true });
    const tab = await (await chromium.newContext()).newPage();
    expect(await reach(tab, site)).toEqual([200, 200, 'shown']);
  });
});
