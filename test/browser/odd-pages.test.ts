import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { listen } from '../support/http-servers.ts';
import { LiveSite } from '../support/live-site.ts';
import { edited, oddPages } from '../support/odd-pages.ts';

const chromium = useChromium();
/** At the same time; each goes from page to page. */
const TABS = 5;
const names = Object.keys(oddPages);
const TAG = /<script (?:xmlns="[^"]*" )?src="\/@dev-serve\/client\.js"[^>]*><\/script>/;
const NAVIGATION = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };

async function start(): Promise<LiveSite> {
  const site = await LiveSite.start({ 'inner.html': '<p>inner' });
  await Promise.all(names.map((name) => writeFile(join(site.root, name), oddPages[name] ?? '')));
  return site;
}

/** A server that sends each page with the same type, and nothing added. */
async function plainServer(site: LiveSite): Promise<string> {
  const types = new Map<string, string>();
  for (const name of names) {
    const { headers } = await fetch(site.url + name, { headers: { 'sec-fetch-dest': 'empty' } });
    types.set(name, headers.get('content-type') ?? '');
  }
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    response.setHeader('content-type', types.get(name) ?? 'text/html');
    response.end(oddPages[name] ?? '<p>inner');
  });
  return `http://127.0.0.1:${await listen(server)}/`;
}

/** All that a script can see of a page, but for the tag. */
function look(tab: Page) {
  return tab.evaluate(() => {
    const root = document.documentElement.cloneNode(true);
    if (!(root instanceof Element)) throw new Error('no element');
    for (const script of root.querySelectorAll('script[data-build]')) script.remove();
    const { compatMode, characterSet, contentType, title, doctype } = document;
    const ran: unknown = Reflect.get(window, 'ran');
    const text = document.documentElement.textContent;
    return {
      ...{ compatMode, characterSet, contentType, title, doctype: doctype?.name, ran, text },
      markup: root.outerHTML,
    };
  });
}

async function original(name: string, body: Response): Promise<Buffer> {
  const bytes = Buffer.from(await body.arrayBuffer());
  if (!name.startsWith('utf16'))
    return Buffer.from(bytes.toString('latin1').replace(TAG, ''), 'latin1');
  const isBig = name === 'utf16be.html';
  const text = (isBig ? Buffer.from(bytes).swap16() : bytes).toString('utf16le').replace(TAG, '');
  const rest = Buffer.from(text, 'utf16le');
  return isBig ? rest.swap16() : rest;
}

describe.skipIf(!hasChromium)('odd pages', () => {
  it('are intact, and reload after an edit', { timeout: 180_000 }, async () => {
    const site = await start();
    const plain = await plainServer(site);
    const context = await chromium.newContext();
    const checked: string[] = [];
    const check = async (name: string, tab: Page, reference: Page): Promise<void> => {
      await Promise.all([tab.goto(site.url + name), reference.goto(plain + name)]);
      expect([name, await look(tab)]).toEqual([name, await look(reference)]);
      const tags = await tab.evaluate(() => document.querySelectorAll('[data-build]').length);
      expect([name, tags]).toEqual([name, 1]);
      await writeFile(join(site.root, name), edited(name));
      const seen = () =>
        look(tab).then(
          ({ text, title }) => [name, /^(?!.*one).*two/s.test(title + text)],
          () => [],
        );
      await expect.poll(seen, soon).toEqual([name, true]);
      checked.push(name);
    };
    const unchecked = names.values();
    const checkInTurn = async (): Promise<void> => {
      const [tab, reference] = [await context.newPage(), await context.newPage()];
      for (const name of unchecked) await check(name, tab, reference);
    };
    await Promise.all(Array.from({ length: TABS }, checkInTurn));
    expect(checked.toSorted()).toEqual(names.toSorted());
    await quietWindow();
    expect(names.filter((name) => site.documents(`/${name}`) > 3)).toEqual([]);
  });
});

describe('the bytes of odd pages', () => {
  it('are those on the disk, but for the tag', async () => {
    const site = await start();
    for (const name of names) {
      const response = await fetch(site.url + name, { headers: NAVIGATION });
      const sent = await original(name, response);
      expect([name, sent.equals(oddPages[name] ?? Buffer.alloc(1))]).toEqual([name, true]);
    }
  });

  it('are all of it for whoever opens no window', async () => {
    const site = await start();
    const askers = [
      { 'sec-fetch-dest': 'empty' },
      { 'sec-fetch-dest': 'image' },
      { 'sec-fetch-dest': 'object' },
      { accept: 'image/avif,image/webp,*/*;q=0.8' },
    ];
    for (const headers of askers) {
      for (const name of names) {
        const response = await fetch(site.url + name, { headers });
        const bytes = Buffer.from(await response.arrayBuffer());
        const isWhole = bytes.equals(oddPages[name] ?? Buffer.alloc(1));
        expect([name, response.status, isWhole]).toEqual([name, 200, true]);
      }
    }
  });

  it('are sent whole to a window, whatever it has or asks for', async () => {
    const site = await start();
    const tomorrow = new Date(Date.now() + 86_400_000).toUTCString();
    for (const condition of [{ range: 'bytes=0-9' }, { 'if-modified-since': tomorrow }]) {
      for (const name of names) {
        const headers = { ...NAVIGATION, ...condition };
        const response = await fetch(site.url + name, { headers });
        const size = (await response.arrayBuffer()).byteLength;
        const isWhole = size > (oddPages[name]?.length ?? 0);
        expect([name, response.status, isWhole]).toEqual([name, 200, true]);
      }
    }
  });
});
