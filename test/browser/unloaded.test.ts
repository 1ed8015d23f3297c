import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';
import { openUpdatesPage, pageWith } from '../support/updates-page.ts';

const chromium = useChromium();

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';

describe.skipIf(!hasChromium)('a tab', () => {
  it('is left alone by files that it has not loaded', async () => {
    const html = (head: string, body = '') =>
      `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;
    const unused = {
      'other.html': html(''),
      'docs/guide.html': html(''),
      'other.css': '',
      'other.js': '',
      'app.js.map': '{}',
      'app.ts': '',
      'site.scss': '',
      'other.png': '',
      'font.woff2': '',
      'film.mp4': '',
      'data.json': '{}',
      'README.md': '',
      'no-extension': '',
    };
    const site = await LiveSite.start({
      ...unused,
      'index.html': html(
        '<script src="/app.js"></script><link rel="canonical" href="/other.html">' +
          '<link rel="prefetch" href="/docs/guide.html">' +
          '<link rel="alternate" href="/data.json">',
        '<a href="/docs/guide.html">guide</a>',
      ),
      'app.js': '',
    });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    const count = countLoads(tab);
    for (const path of Object.keys(unused)) await site.write(path, 'changed');
    await site.write('new.html', 'new');
    await site.write('new/page.html', 'new');
    await site.rename('other.js', 'renamed.js');
    await site.remove('other.css');
    await site.remove('docs/guide.html');
    // Changes come in order: when this one has reloaded the page, those before it did not.
    await site.write('app.js', 'var changed = true');
    await expect.poll(() => tab.evaluate('window.changed'), soon).toBe(true);
    expect(count.loads).toBe(1);
  });

  it('is reloaded by each file that it has loaded, or failed to load', async () => {
    const files = {
      '/script.js': '',
      '/module.js': 'import "./imported.js";',
      '/imported.js': '',
      '/dynamic.js': '',
      '/sheet.css': '',
      '/fetched.json': '{}',
      '/fetched.svg': SVG,
      '/fetched.css': '',
      '/docs/index.html': '',
      '/requested.txt': '',
      '/object.svg': SVG,
      '/object.html': pageWith(''),
      '/sound.mp3': '',
      '/font.woff2': '',
      '/text.vtt': 'WEBVTT',
      '/odd %23 café.js': '',
    };
    const { apply, tab } = await openUpdatesPage(await chromium.newContext(), {
      ...files,
      '/index.html': pageWith(
        `<style>@font-face { font-family: own; src: url(font.woff2) } p { font-family: own }</style>
         <link rel="stylesheet" href="fetched.css"><script src="script.js?v=1"></script>
         <script src="missing.js"></script><script src="odd%20%2523%20caf%C3%A9.js"></script>
         <script type="module" src="module.js"></script>
         <script type="module">
           import sheet from './sheet.css' with { type: 'css' };
           document.adoptedStyleSheets.push(sheet);
           await import('./dynamic.js');
         </script>`,
        `<p>text</p><img src="fetched.svg"><audio src="sound.mp3"></audio>
         <video><track default src="text.vtt"></video>
         <object data="object.svg"></object><object data="object.html"></object>`,
      ),
    });
    await tab.evaluate(async () => {
      for (const path of ['fetched.json', 'fetched.svg', 'fetched.css', 'docs/', 'missing.json'])
        await (await fetch(path)).arrayBuffer();
      const request = new XMLHttpRequest();
      request.open('GET', 'requested.txt', false);
      request.send();
      await document.fonts.ready;
    });
    // What has come is recorded a moment later.
    const isRecorded = () => {
      const entries = performance.getEntriesByType('resource');
      return entries.filter(({ name }) => /fetched\.svg$/.test(name)).length === 2;
    };
    await tab.waitForFunction(isRecorded);
    const acts: Record<string, string> = {};
    for (const path of [...Object.keys(files), '/missing.js', '/missing.json']) {
      acts[path] = await apply({ path: encodeURI(path) });
    }
    expect(acts).toEqual(Object.fromEntries(Object.keys(acts).map((path) => [path, 'reload'])));
    expect(await apply({ path: '/other.js' })).toBe('none');
    expect(await apply({ path: '/script.js', operation: 'chmod' })).toBe('none');
    expect(await apply({ path: '/new.js', operation: 'rename', from: '/script.js' })).toBe(
      'reload',
    );
    expect(await apply({ path: '/script.js', operation: 'rename', from: '/old.js' })).toBe(
      'reload',
    );
    expect(await apply({ path: '/b.js', operation: 'rename', from: '/a.js' })).toBe('none');
  });
});
