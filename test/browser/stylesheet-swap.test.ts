import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (head: string) =>
  `<!doctype html><html><head>${head}</head><body><input id="text"><p>text</p></body></html>`;

async function open(site: LiveSite): Promise<Page> {
  const context = await chromium.newContext();
  const tab = await context.newPage();
  await tab.goto(site.url);
  return tab;
}

const styleOf = (tab: Page, property: string) =>
  tab.evaluate((name) => getComputedStyle(document.body).getPropertyValue(name), property);

describe.skipIf(!hasChromium)('an edited stylesheet', () => {
  it('is swapped without a reload, with all state of the page kept', async () => {
    const site = await LiveSite.start({
      'index.html': page('<link rel="stylesheet" href="/css/site.css">'),
      'css/site.css': 'body { color: rgb(1, 1, 1) }',
    });
    const tab = await open(site);
    const count = countLoads(tab);
    await tab.fill('#text', 'typed');
    await tab.evaluate('window.state = 42');
    await site.write('css/site.css', 'body { color: rgb(2, 2, 2) }');
    await expect.poll(() => styleOf(tab, 'color'), soon).toBe('rgb(2, 2, 2)');
    await site.write('css/site.css', 'body { color: rgb(3, 3, 3) }');
    await expect.poll(() => styleOf(tab, 'color'), soon).toBe('rgb(3, 3, 3)');
    expect(await tab.inputValue('#text')).toBe('typed');
    expect(await tab.evaluate('window.state')).toBe(42);
    expect(await tab.locator('link').count()).toBe(1);
    expect(count.loads).toBe(0);
  });

  it('is swapped without waiting for any timer', async () => {
    const site = await LiveSite.start({
      'index.html': page('<link rel="stylesheet" href="/site.css">'),
      'site.css': 'body { color: rgb(1, 1, 1) }',
    });
    const tab = await open(site);
    await tab.evaluate(() => Object.assign(window, { setTimeout: () => 0 }));
    await site.write('site.css', 'body { color: rgb(2, 2, 2) }');
    await expect.poll(() => styleOf(tab, 'color'), soon).toBe('rgb(2, 2, 2)');
  });

  it('never shows a frame without style, nor one of the old and the new rules mixed', async () => {
    const sheet = (n: number, margin: string) => `body { color: rgb(${n}, ${n}, ${n}); ${margin} }`;
    const site = await LiveSite.start({
      'index.html': page('<link rel="stylesheet" href="/a.css">'),
      'a.css': sheet(1, 'margin: 1px'),
    });
    const tab = await open(site);
    await tab.evaluate(() => {
      const seen = new Set<string>();
      const sample = (): void => {
        const { color, marginTop, paddingTop } = getComputedStyle(document.body);
        seen.add(`${color} ${marginTop} ${paddingTop}`);
        requestAnimationFrame(sample);
      };
      // A task per turn as well: a frame can be painted after any of them.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const { color, marginTop, paddingTop } = getComputedStyle(document.body);
        seen.add(`${color} ${marginTop} ${paddingTop}`);
        channel.port2.postMessage(0);
      };
      channel.port2.postMessage(0);
      sample();
      Object.assign(window, { seen });
    });
    for (const n of [2, 3, 4]) {
      await site.write('a.css', sheet(n, n % 2 ? 'margin: 1px' : 'padding: 2px; margin: 0'));
      await expect.poll(() => styleOf(tab, 'color'), soon).toBe(`rgb(${n}, ${n}, ${n})`);
    }
    const seen: unknown = await tab.evaluate('[...window.seen]');
    expect(seen).toEqual([
      'rgb(1, 1, 1) 1px 0px',
      'rgb(2, 2, 2) 0px 2px',
      'rgb(3, 3, 3) 1px 0px',
      'rgb(4, 4, 4) 0px 2px',
    ]);
  });

  it('is asked for before anything else, and as urgently as one that is shown', async () => {
    const site = await LiveSite.start({
      'index.html': page('<link rel="stylesheet" href="/a.css">'),
      'a.css': 'body { --a: 1 }',
    });
    const tab = await open(site);
    const session = await tab.context().newCDPSession(tab);
    const asked: string[] = [];
    session.on('Network.requestWillBeSent', ({ request: { url, initialPriority } }) => {
      asked.push(`${initialPriority} ${new URL(url).pathname}`);
    });
    await session.send('Network.enable');
    await site.write('a.css', 'body { --a: 2 }');
    await expect.poll(() => styleOf(tab, '--a'), soon).toBe('2');
    // The second one is for the next page, which asks by the old URL again.
    await expect.poll(() => asked.filter((line) => line.endsWith('.css')), soon).toHaveLength(2);
    expect(asked[0]).toBe('High /a.css');
    const url = await tab.locator('link').evaluate((link: HTMLLinkElement) => link.href);
    expect(new URL(url).searchParams.has('dev-serve')).toBe(true);
  });

  it('keeps its place, its attributes and its query, in the body as in the head', async () => {
    const site = await LiveSite.start({
      'index.html': page(
        '<link rel="stylesheet" href="/a.css?v=1" media="screen" fetchpriority="low">' +
          '<link rel="stylesheet" href="/b.css">',
      ).replace('<p>', '<link rel="StyleSheet" href="a%2Ecss"><p>'),
      'a.css': 'body { --a: 1; --b: 1 }',
      'b.css': 'body { --b: 2 }',
    });
    const tab = await open(site);
    const links = () =>
      tab.locator('link').evaluateAll((all) =>
        all.map((link) => {
          const url = new URL(link.getAttribute('href') ?? '', document.baseURI);
          url.searchParams.delete('dev-serve');
          const { parentElement, attributes } = link;
          const others = [...attributes].filter(({ name }) => name !== 'href');
          const texts = others.map(({ name, value }) => `${name}=${value}`);
          return `${parentElement?.localName} ${url.pathname}${url.search} ${texts.join(' ')}`;
        }),
      );
    const before = await links();
    await site.write('a.css', 'body { --a: 3 }');
    await expect.poll(() => styleOf(tab, '--a'), soon).toBe('3');
    await expect.poll(() => tab.locator('link').count(), soon).toBe(3);
    expect(await styleOf(tab, '--b')).toBe('2');
    expect(await links()).toEqual(before);
  });

  it('stays as it was switched: disabled in the markup or by script, alternate or enabled', async () => {
    const names = ['off', 'link', 'sheet', 'night', 'dusk'];
    const site = await LiveSite.start({
      'index.html': page(
        '<link rel="stylesheet" href="/off.css" disabled>' +
          '<link rel="stylesheet" href="/link.css">' +
          '<link rel="stylesheet" href="/sheet.css">' +
          '<link rel="alternate stylesheet" href="/night.css" title="night">' +
          '<link rel="alternate stylesheet" href="/dusk.css" title="dusk">' +
          '<link rel="stylesheet" href="/last.css">',
      ),
      ...Object.fromEntries(names.map((name) => [`${name}.css`, `body { --${name}: 1 }`])),
      'last.css': 'body { --last: 1 }',
    });
    const tab = await open(site);
    await tab.evaluate(() => {
      for (const link of document.querySelectorAll('link')) {
        if (/(?:link|night)\.css$/.test(link.href)) link.disabled = true;
        if (/sheet\.css$/.test(link.href) && link.sheet) link.sheet.disabled = true;
        // "explicitly enabled": the attribute has to go away for it.
        if (/night\.css$/.test(link.href)) link.disabled = false;
      }
    });
    for (const name of [...names, 'last']) await site.write(`${name}.css`, `body { --${name}: 2 }`);
    await expect.poll(() => styleOf(tab, '--night'), soon).toBe('2');
    await expect.poll(() => styleOf(tab, '--last'), soon).toBe('2');
    await expect.poll(() => tab.locator('link').count(), soon).toBe(6);
    for (const name of ['off', 'link', 'sheet', 'dusk']) {
      expect(await styleOf(tab, `--${name}`)).toBe('');
    }
    await tab.evaluate(() => {
      for (const link of document.querySelectorAll('link')) {
        link.disabled = false;
        if (link.sheet) link.sheet.disabled = false;
      }
    });
    for (const name of ['off', 'link', 'sheet']) {
      await expect.poll(() => styleOf(tab, `--${name}`), soon).toBe('2');
    }
  });

  it('ends with the newest of many edits and one link', async () => {
    const site = await LiveSite.start({
      'index.html': page('<link rel="stylesheet" href="/a.css">'),
      'a.css': 'body { --n: 0 }',
    });
    const tab = await open(site);
    const count = countLoads(tab);
    for (let n = 1; n <= 20; n++) await site.write('a.css', `body { --n: ${n} }`);
    await expect.poll(() => styleOf(tab, '--n'), soon).toBe('20');
    await expect.poll(() => tab.locator('link').count(), soon).toBe(1);
    expect(count.loads).toBe(0);
  });
});
