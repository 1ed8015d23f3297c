import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const FILES = {
  'index.html':
    '<!doctype html><title>Home &lt;img src=x&gt;</title><link rel="stylesheet" href="/a.css">',
  'other.html': '<!doctype html><title>Other</title><link rel="stylesheet" href="/a.css">',
  'a.css': '',
};

/** Opens the status page of a site, and what it complains of. */
async function openStatus(options: Parameters<typeof LiveSite.start>[1] = {}) {
  const site = await LiveSite.start(FILES, options);
  const context = await chromium.newContext();
  const status = await context.newPage();
  const complaints: string[] = [];
  status.on('console', (message) => {
    const isOfIcon = message.location().url.endsWith('/favicon.ico');
    if (message.type() === 'error' && !isOfIcon) complaints.push(message.text());
  });
  await status.goto(`${site.url}@dev-serve/`);
  return { site, context, status, complaints };
}

const rowsOf = (page: Page, id: string) =>
  page.$$eval(`#${id} tr`, (rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
  );
const stateOf = (page: Page) => page.textContent('#state');

describe.skipIf(!hasChromium)('the status page', () => {
  it('shows the open tabs, and live what they do about a change', async () => {
    const { site, context, status, complaints } = await openStatus();
    await expect
      .poll(() => rowsOf(status, 'tabs'), soon)
      .toEqual([[expect.stringMatching(/^No page/)]]);
    await expect.poll(() => stateOf(status), soon).toMatch(/^0 tabs, 1 connection, up for \d+ s$/);
    const pages = async () => (await rowsOf(status, 'tabs')).map(([page]) => page);
    for (const path of ['', 'other.html']) {
      await (await context.newPage()).goto(site.url + path);
      await expect.poll(pages, soon).toContain(`/${path}`);
    }
    await status.bringToFront();
    await expect
      .poll(() => rowsOf(status, 'tabs'), soon)
      .toEqual([
        ['/', 'Home <img src=x>', expect.stringMatching(/^Chrome \d+ on /), expect.any(String)],
        ['/other.html', 'Other', expect.stringMatching(/^Chrome /), expect.any(String)],
      ]);

    await site.write('a.css', 'body { color: red }');
    const swapped = [
      'write /a.css',
      '2 tabs: 2 swapped',
      expect.stringMatching(/^\d+(\.\d s| ms)$/),
    ];
    await expect
      .poll(() => rowsOf(status, 'changes'), soon)
      .toEqual([[...swapped, expect.any(String)]]);
    await site.write('other.html', `${FILES['other.html']}<p>new`);
    await expect
      .poll(async () => (await rowsOf(status, 'changes'))[0]?.slice(0, 2), soon)
      .toEqual(['write /other.html', '2 tabs: 1 reloaded, 1 unaffected']);

    await context.pages().at(-1)?.close();
    await expect.poll(() => stateOf(status), soon).toMatch(/^1 tab, /);
    expect(await status.$$eval('#tabs img', (images) => images.length)).toBe(0);
    expect(await status.$eval('#tabs a', (link) => link.getAttribute('href'))).toBe(site.url);
    expect(complaints).toEqual([]);
  });

  it('says that the server is away, and goes on when it is back', async () => {
    const { site, status } = await openStatus();
    await expect.poll(() => stateOf(status), soon).toMatch(/^0 tabs/);
    await site.stop();
    await expect.poll(() => stateOf(status), soon).toMatch(/does not answer/);
    await site.start();
    await expect.poll(() => stateOf(status), soon).toMatch(/^0 tabs/);
    await site.write('a.css', 'b {}');
    await expect
      .poll(async () => (await rowsOf(status, 'changes'))[0]?.slice(0, 2), soon)
      .toEqual(['write /a.css', 'no tab open']);
  });

  it('works where there are only WebSockets', async () => {
    const { site, status, complaints } = await openStatus({ streamMethod: 'websocket' });
    await site.write('a.css', 'b {}');
    await expect
      .poll(async () => (await rowsOf(status, 'changes'))[0]?.slice(0, 2), soon)
      .toEqual(['write /a.css', 'no tab open']);
    expect(complaints).toEqual([]);
  });
});
