import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';
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

/** Whatever happens to a file that the page has asked for is its business. */
const html =
  '<!doctype html><html><head></head><body>page<img src="other.txt"><img src="last.txt"></body></html>';

/** The client asks for the page by a script, not by a navigation. */
const isQuestion = ({ url, headers }: IncomingMessage) =>
  url === '/' && headers['sec-fetch-mode'] !== 'navigate';

async function open(answer: (request: IncomingMessage, response: ServerResponse) => boolean) {
  const site = await LiveSite.start({ 'index.html': html, 'other.txt': '', 'last.txt': '' });
  const proxy = await startProxy(site.port, { answer });
  const context = await chromium.newContext();
  await context.addInitScript('delete globalThis.SharedWorker');
  const tab: Page = await context.newPage();
  const count = countLoads(tab);
  await tab.goto(proxy.url);
  await expect.poll(() => site.openStreams, soon).toBe(1);
  return { site, tab, count };
}

describe.skipIf(!hasChromium)('the question whether the page is still there', () => {
  it('is asked by GET for a document, and without its body', async () => {
    const questions: IncomingMessage[] = [];
    let isClosed = false;
    const { site, tab } = await open((request, response) => {
      if (!isQuestion(request)) return false;
      questions.push(request);
      response.on('close', () => {
        isClosed = !response.writableFinished;
      });
      response.writeHead(404).write('a body that never ends');
      return true;
    });
    const lines = recordConsole(tab);
    await site.remove('other.txt');
    await expect.poll(() => lines, soon).toHaveLength(1);
    expect(questions[0]?.method).toBe('GET');
    expect(questions[0]?.headers.accept).toBe('text/html');
    await expect.poll(() => isClosed, soon).toBe(true);
  });

  it('is asked again until there is an answer', async () => {
    let failures = 0;
    let isDown = true;
    const { site, count } = await open((request, response) => {
      if (!isQuestion(request) || !isDown) return false;
      failures++;
      response.destroy();
      return true;
    });
    await site.remove('other.txt');
    await expect.poll(() => failures, soon).toBeGreaterThan(1);
    expect(count.loads).toBe(1);
    isDown = false;
    await expect.poll(() => count.loads, soon).toBe(2);
    await quietWindow();
    expect(count.loads).toBe(2);
  });

  // It would be asked again after 4 s: a busy machine may be as slow.
  const patient = { retry: 3 };
  it('is asked again at the next change, however long there was no answer', patient, async () => {
    const failures: number[] = [];
    let isDown = true;
    const { site, count } = await open((request, response) => {
      if (!isQuestion(request) || !isDown) return false;
      failures.push(performance.now());
      response.destroy();
      return true;
    });
    const pause = () => (failures.at(-1) ?? 0) - (failures.at(-2) ?? 0);
    await site.remove('other.txt');
    // From now on it takes 4 s until the next attempt.
    await expect.poll(pause, soon).toBeGreaterThan(1900);
    isDown = false;
    const start = performance.now();
    await site.write('last.txt', 'changed');
    await expect.poll(() => count.loads, soon).toBe(2);
    expect(performance.now() - start).toBeLessThan(2500);
  });

  it('is answered by a redirect to another site too', async () => {
    const { site, count } = await open((request, response) => {
      if (!isQuestion(request)) return false;
      response.writeHead(302, { location: 'http://127.0.0.1:9/login' }).end();
      return true;
    });
    await site.remove('other.txt');
    await expect.poll(() => count.loads, soon).toBe(2);
  });

  it('is asked after all changes of a batch: a page that is back is reloaded', async () => {
    const change = (operation: string, path: string) =>
      `data: ${JSON.stringify({ type: 'event', timestamp: Date.now(), path, operation })}\n\n`;
    let stream: ServerResponse | undefined;
    const site = await LiveSite.start({ 'index.html': html });
    const proxy = await startProxy(site.port, {
      answer: ({ url }, response) => {
        if (!url?.startsWith('/events')) return false;
        const id = new URL(url, site.url).searchParams.get('lastEventId');
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`id: ${id}\nevent: dev-serve:position\ndata: {"recovered":true}\n\n`);
        stream = response;
        return true;
      },
    });
    const context = await chromium.newContext();
    await context.addInitScript('delete globalThis.SharedWorker');
    const tab = await context.newPage();
    await tab.goto(proxy.url);
    const count = countLoads(tab);
    await expect.poll(() => stream, soon).toBeDefined();
    stream?.write(change('remove', '/index.html') + change('create', '/index.html'));
    await expect.poll(() => count.loads, soon).toBe(1);
    await quietWindow();
    expect(count.loads).toBe(1);
  });
});
