import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Backend } from '../support/backends/backend.ts';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';
import { python } from '../support/peers/programs.ts';
import { temporarySite } from '../support/temporary-site.ts';

const chromium = useChromium();

const html = (heading: string) =>
  `<!doctype html><html><head><title>x</title></head><body><h1>${heading}</h1></body></html>`;

/** Opens the page of a backend through a dev server that watches a folder beside it. */
async function open(backend: Backend, path: string) {
  const site = await LiveSite.start({ 'template.html': 'one' }, { proxy: backend.url });
  const context = await chromium.newContext();
  const tab = await context.newPage();
  await tab.goto(site.url + path);
  return { site, tab };
}

const heading = (tab: Page) =>
  tab.evaluate(() => document.querySelector('h1')?.textContent).catch(() => 'between two pages');

/** An edit reloads; a crash shows our page, which heals when the backend is back, and follows on. */
async function survives(backend: Backend, path: string, expected: string) {
  const { site, tab } = await open(backend, path);
  expect(await heading(tab)).toBe(expected);
  await tab.evaluate('window.before = true');
  await site.write('template.html', 'two');
  await expect.poll(() => tab.evaluate('window.before').catch(() => true), soon).toBeUndefined();
  await expect.poll(() => heading(tab), soon).toBe(expected);

  await backend.kill();
  const response = await tab.reload();
  expect(response?.status()).toBe(502);
  await expect.poll(() => heading(tab), soon).toBe('No answer yet');
  await backend.start();
  await expect.poll(() => heading(tab), soon).toBe(expected);
  return { site, tab };
}

describe.skipIf(!hasChromium)('a page of a backend', () => {
  it.skipIf(!python)('follows one of Python, through its crash', async () => {
    const directory = await temporarySite({ 'index.html': html('snake') });
    const backend = await Backend.python(directory);
    await survives(backend, '', 'snake');
  });

  it('follows one of Node that packs its pages, through its crash, and talks to it', async () => {
    const backend = await Backend.node('app');
    const { site, tab } = await survives(backend, 'gzip', 'hello');
    expect(site.url).toBe(new URL('/', tab.url()).href);
    const echo = await tab.evaluate(
      () =>
        new Promise((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/echo-socket`, ['first', 'second']);
          socket.onopen = () => socket.send('ping');
          socket.onmessage = ({ data }) => resolve([socket.protocol, data]);
          socket.onerror = () => resolve('failed');
        }),
    );
    expect(echo).toEqual(['second', 'ping']);
    const events = await tab.evaluate(
      () =>
        new Promise((resolve) => {
          const source = new EventSource('/events-stream');
          source.onmessage = ({ data }) => {
            source.close();
            resolve(data);
          };
        }),
    );
    expect(events).toBe('0');
    await tab.evaluate(() => fetch('/cookies').then((response) => response.text()));
    const cookies = (await tab.evaluate(() => document.cookie)).split('; ').sort();
    expect(cookies).toEqual(['__Host-id=1', 'domain=1', 'plain=1']);
    // Not for scripts, yet kept although it was meant for TLS.
    const names = (await tab.context().cookies()).map(({ name }) => name);
    expect(names).toContain('safe');
  });

  it('follows one that redirects, through its crash, and stays on this server', async () => {
    const backend = await Backend.node('redirecting');
    const { site, tab } = await survives(backend, 'to/absolute', 'landed');
    for (const kind of ['by-name', 'by-host', 'protocol-relative', 'path-only', 'relative']) {
      await tab.goto(`${site.url}to/${kind}`);
      expect(tab.url()).toBe(`${site.url}landing`);
      expect(await heading(tab)).toBe('landed');
    }
  });
});

describe.skipIf(!hasChromium)('an open page', () => {
  it('that is reloaded for an edit while its backend starts again ends up on the new one', async () => {
    const backend = await Backend.node('app');
    const { site, tab } = await open(backend, 'br');
    const pid = () =>
      tab.evaluate(() => document.querySelector('#pid')?.textContent).catch(() => '');
    const before = await pid();
    await backend.kill();
    await site.write('template.html', 'two');
    await expect.poll(() => site.documents('/br'), soon).toBeGreaterThan(1);
    await backend.start();
    await expect.poll(pid, soon).toMatch(/\d/);
    await expect.poll(pid, soon).not.toBe(before);
  });
});
