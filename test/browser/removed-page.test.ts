import Fastify from 'fastify';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import {
  countLoads,
  hasChromium,
  quietWindow,
  recordConsole,
  soon,
  useChromium,
} from '../support/chromium.ts';
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

describe.skipIf(!hasChromium)('a page that is removed', () => {
  it('stays as it is until it is there again', async () => {
    const { site, tab, count } = await open({ 'index.html': page('one'), 'app.js': '' });
    const lines = recordConsole(tab);
    await site.remove('index.html');
    await expect.poll(() => lines, soon).toHaveLength(1);
    expect(lines[0]).toContain('this page is gone');
    expect(await textOf(tab)).toBe('one');
    const asked = site.documents();
    await site.write('app.js', 'var n = 2');
    await expect.poll(() => site.documents(), soon).toBe(asked + 1);
    await quietWindow();
    expect(lines).toHaveLength(1);
    expect(count.loads).toBe(0);
    await site.write('index.html', page('two'));
    await expect.poll(() => textOf(tab), soon).toBe('two');
    expect(count.loads).toBe(1);
  });

  it('and written again at once is reloaded', async () => {
    const { site, tab } = await open({ 'index.html': page('one'), 'app.js': '' });
    await site.remove('index.html');
    await site.write('index.html', page('two'));
    await expect.poll(() => textOf(tab), soon).toBe('two');
  });

  it('stays also where the server was being asked for another change by then', async () => {
    const files = { 'index.html': page('one'), 'app.js': '', 'last.html': 'last' };
    const { site, tab, count } = await open(files);
    const lines = recordConsole(tab);
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await tab.route('**/client.js', (route) => answered.then(() => route.continue()));
    const asked = tab.waitForRequest('**/client.js');
    await site.write('app.js', 'var n = 2');
    await asked;
    await site.remove('index.html');
    // What the other tab has been told, by the same connection, this one has been told before.
    const other = await tab.context().newPage();
    await other.goto(`${site.url}last.html`);
    const otherLines = recordConsole(other);
    await site.remove('last.html');
    await expect.poll(() => otherLines, soon).toHaveLength(1);
    answer();
    await expect.poll(() => lines, soon).toHaveLength(1);
    expect(lines[0]).toContain('this page is gone');
    expect(count.loads).toBe(0);
  });

  it('shows an error page until it is there', async () => {
    const { site, tab } = await open({ 'index.html': page('one'), 'other.txt': '' });
    const response = await tab.goto(`${site.url}later.html`);
    expect(response?.status()).toBe(404);
    const count = countLoads(tab);
    await site.remove('other.txt');
    await site.write('later.html', page('here'));
    await expect.poll(() => textOf(tab), soon).toBe('here');
    expect(count.loads).toBe(1);
  });
});

describe.skipIf(!hasChromium)('a page of which another file is removed', () => {
  it('is reloaded', async () => {
    const { site, count } = await open({ 'index.html': page('one'), 'app.js': '' });
    await site.remove('app.js');
    await expect.poll(() => count.loads, soon).toBe(1);
  });

  it('is reloaded in an app that answers no HEAD requests', async () => {
    // Only its folder is used: the app below serves it.
    const site = await LiveSite.start({ 'old.html': '' });
    const app = Fastify({ exposeHeadRoutes: false, forceCloseConnections: true });
    onTestFinished(() => app.close());
    await app.register(devServe, { root: site.root, enabled: true });
    app.get('/page', (_request, reply) => reply.type('text/html').send(page('one')));
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const head = await fetch(`${url}/page`, { method: 'HEAD' });
    expect(head.status).toBe(404);
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(`${url}/page`);
    const count = countLoads(tab);
    await site.remove('old.html');
    await expect.poll(() => count.loads, soon).toBe(1);
  });
});
