import { describe, expect, it } from 'vitest';
import {
  countLoads,
  hasChromium,
  quietWindow,
  recordConsole,
  soon,
  useChromium,
} from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';
import { startProxy } from '../support/proxy.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

const cacheFirstWorker = `
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    if (event.request.mode === 'navigate') event.respondWith(caches.match('/'));
  });
`;

describe.skipIf(!hasChromium)('a page that comes back as it was', () => {
  it('from a service worker is reloaded once per change, and the console says why', async () => {
    const site = await LiveSite.start({ 'index.html': page('old'), 'sw.js': cacheFirstWorker });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    await tab.evaluate(async () => {
      const headers = { 'content-type': 'text/html' };
      const held = new Response(document.documentElement.outerHTML, { headers });
      await (await caches.open('pages')).put('/', held);
      await navigator.serviceWorker.register('/sw.js');
      await navigator.serviceWorker.ready;
    });
    await tab.reload();
    const count = countLoads(tab);
    const lines = recordConsole(tab);
    for (const n of [1, 2]) {
      await site.write('index.html', page(`new ${n}`));
      await expect.poll(() => count.loads, soon).toBe(n);
      await expect.poll(() => lines.length, soon).toBe(n);
      await quietWindow();
      expect(count.loads).toBe(n);
      expect(await tab.textContent('p')).toBe('old');
    }
    expect(lines[0]).toContain('a cache or service worker holds it');
    await site.stop();
    await site.start();
    await expect.poll(() => count.loads, soon).toBe(3);
    await quietWindow();
    expect(count.loads).toBe(3);
  });

  it('is none when the service worker passes requests on: the page follows as without one', async () => {
    const passing = `
      addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));
    `;
    const site = await LiveSite.start({ 'index.html': page('old'), 'sw.js': passing });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    await tab.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js');
      await navigator.serviceWorker.ready;
    });
    await tab.reload();
    for (const text of ['new', 'newer']) {
      await site.write('index.html', page(text));
      await expect.poll(() => tab.textContent('p'), soon).toBe(text);
    }
  });

  it('where nothing outlives a reload is reloaded once per change too', async () => {
    const site = await LiveSite.start({ 'index.html': page('old') });
    let held: Buffer | undefined;
    const context = await chromium.newContext();
    await context.addInitScript(`
      Object.defineProperty(globalThis, 'sessionStorage', {
        get() { throw new DOMException('denied', 'SecurityError'); },
      });
    `);
    const tab = await context.newPage();
    await tab.route(site.url, async (route) => {
      held ??= await (await route.fetch()).body();
      await route.fulfill({ contentType: 'text/html', body: held });
    });
    await tab.goto(site.url);
    const count = countLoads(tab);
    for (const n of [1, 2]) {
      await expect.poll(() => site.openStreams, soon).toBe(1);
      await site.write('index.html', page(`new ${n}`));
      await expect.poll(() => count.loads, soon).toBe(n);
      await quietWindow();
      expect(count.loads).toBe(n);
    }
  });

  it('from a proxy that answers 304 is reloaded once per change', async () => {
    const site = await LiveSite.start({ 'index.html': page('old') });
    let documents = 0;
    const proxy = await startProxy(site.port, {
      answer: (request, response) => {
        if (request.url !== '/') return false;
        documents++;
        if (!request.headers['if-none-match']) return false;
        response.writeHead(304, { etag: '"same"' }).end();
        return true;
      },
      onResponse: (request, response) => {
        if (request.url === '/') response.headers.etag = '"same"';
      },
    });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(proxy.url);
    const count = countLoads(tab);
    for (const n of [1, 2]) {
      await site.write('index.html', page(`new ${n}`));
      await expect.poll(() => count.loads, soon).toBe(n);
      await quietWindow();
      expect(count.loads).toBe(n);
    }
    expect(await tab.textContent('p')).toBe('old');
    expect(documents).toBe(3);
  });
});

describe.skipIf(!hasChromium)('a page from the server itself', () => {
  it('is asked for once per change, whatever the browser has in its cache', async () => {
    const site = await LiveSite.start({ 'index.html': page('0') });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    for (const n of ['1', '2']) {
      await site.write('index.html', page(n));
      await expect.poll(() => tab.textContent('p'), soon).toBe(n);
    }
    await site.stop();
    await site.start();
    await expect.poll(() => site.documents(), soon).toBe(4);
    await quietWindow();
    expect(site.documents()).toBe(4);
  });
});
