import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

describe.skipIf(!hasChromium)('the example page', () => {
  const chromium = useChromium();

  const open = async (url: string) => {
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(url);
    return { tab, items: () => tab.locator('li').allTextContents() };
  };
  const example = async (name: string) => ({
    [name]: await readFile(`examples/clients/${name}`, 'utf8'),
  });

  it.each(['sse.html', 'websocket.html'])(
    '%s lists the changes of another server',
    async (name) => {
      const viewer = await LiveSite.start(await example(name));
      const origin = viewer.url.replace(/\/$/, '');
      const watched = await LiveSite.start({ 'a.txt': '' }, { allowedOrigins: [origin] });
      const query = new URLSearchParams({ server: watched.url.replace(/\/$/, '') });
      const { items } = await open(`${viewer.url}${name}?${query}`);
      await expect.poll(() => watched.openStreams, soon).toBe(1);
      await watched.write('a.txt', 'edited');
      await expect.poll(items, soon).toEqual(['write /a.txt']);
      await watched.write('new file.txt', '');
      await expect.poll(items, soon).toEqual(['write /a.txt', 'create /new%20file.txt']);
    },
  );

  it.each(['sse.html', 'websocket.html'])(
    '%s gets nothing from a server that does not allow it',
    async (name) => {
      const viewer = await LiveSite.start(await example(name));
      const watched = await LiveSite.start({ 'a.txt': '' });
      const query = new URLSearchParams({ server: watched.url.replace(/\/$/, '') });
      const { tab, items } = await open(`${viewer.url}${name}?${query}`);
      const state = () => tab.evaluate("(typeof source === 'object' ? source : socket).readyState");
      const closed = name === 'sse.html' ? 2 : 3;
      await expect.poll(state, soon).toBe(closed);
      await watched.write('a.txt', 'edited');
      expect(await items()).toEqual([]);
    },
  );

  it.each(['sse.html', 'websocket.html'])('%s lists the changes of its own site', async (name) => {
    const site = await LiveSite.start({ ...(await example(name)), 'a.txt': '' });
    const { items } = await open(`${site.url}${name}`);
    // One stream is the page's own, the other that of the live reload.
    await expect.poll(() => site.openStreams, soon).toBe(2);
    // The page would reload for an edit; a change of permissions is listed and nothing more.
    await chmod(join(site.root, 'a.txt'), 0o600);
    await expect.poll(items, soon).toEqual(['chmod /a.txt']);
  });
});
