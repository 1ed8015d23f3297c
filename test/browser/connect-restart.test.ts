import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, heardIn, ticksIn, typesIn } from '../support/event-site.ts';
import { startProxy } from '../support/proxy.ts';

const chromium = useChromium();

const answers: Record<string, (response: ServerResponse) => void> = {
  503: (response) => response.writeHead(503, { 'retry-after': '1' }).end(),
  500: (response) => response.writeHead(500).end('{"statusCode":500}'),
  204: (response) => response.writeHead(204).end(),
  404: (response) => response.writeHead(404).end(),
  'a login page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  nothing: (response) => response.destroy(),
};

describe.skipIf(!hasChromium)('a server that goes away', () => {
  it.each([true, false])(
    'and comes back is found again, with all that was published meanwhile (shared: %s)',
    async (shared) => {
      const site = await EventSite.start();
      const page = await (await chromium.newContext()).newPage();
      await page.goto(site.url);
      await followIn(page, { shared });
      await expect.poll(() => typesIn(page), soon).toEqual(['open']);
      await site.tick(1, 2);
      await expect.poll(() => ticksIn(page), soon).toEqual([1, 2]);
      await site.stop();
      await site.tick(3, 4);
      await expect.poll(async () => (await typesIn(page)).at(-1), soon).toBe('error');
      await site.start();
      await site.tick(5);
      await expect.poll(() => ticksIn(page), soon).toEqual([1, 2, 3, 4, 5]);
      expect(await typesIn(page)).not.toContain('dev-serve:lost');
    },
  );

  it('and comes back with another log tells what was lost', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await followIn(page);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1);
    await expect.poll(() => ticksIn(page), soon).toEqual([1]);
    await site.stop();
    await site.start(false);
    await expect.poll(() => typesIn(page), soon).toContain('dev-serve:lost');
    await site.tick(2);
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2]);
    const heard = await heardIn(page);
    const [tick] = heard.filter(({ type }) => type === 'tick');
    expect(heard.slice(-3)).toMatchObject([
      { type: 'open', data: { recovered: false } },
      { type: 'dev-serve:lost', data: { after: tick?.id } },
      { type: 'tick', data: { n: 2 } },
    ]);
  });
});

describe.skipIf(!hasChromium)('a stream that is answered for a while with', () => {
  it.each(Object.keys(answers))('%s is opened again', async (name) => {
    const site = await EventSite.start();
    let isFailing = false;
    let failures = 0;
    const proxy = await startProxy(site.port, {
      answer: (request, response) => {
        if (!isFailing || !request.url?.startsWith('/news')) return false;
        failures++;
        answers[name]?.(response);
        return true;
      },
    });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(proxy.url);
    await followIn(page, { websocket: false });
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1);
    isFailing = true;
    await site.stop();
    await site.start();
    await site.tick(2);
    await expect.poll(() => failures, soon).toBeGreaterThan(2);
    isFailing = false;
    await site.tick(3);
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2, 3]);
  });
});
