import { describe, expect, it } from 'vitest';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, heardIn, ticksIn, typesIn } from '../support/event-site.ts';
import { startProxy } from '../support/proxy.ts';

const chromium = useChromium();

const isEventStream = ({ url = '' }) => /^\/news(\?|$)/.test(url);
const streams = (requests: readonly string[]) =>
  requests.flatMap((request) => /\/news(?:\/ws)?(?=\?|$)/.exec(request) ?? []);

describe.skipIf(!hasChromium)('event streams that do not get through', () => {
  it('because a proxy keeps their bodies are replaced by a WebSocket, without a loss', async () => {
    const site = await EventSite.start();
    await site.tick(1);
    const proxy = await startProxy(site.port, { swallowsBody: isEventStream });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(proxy.url);
    const lastEventId = await site.publish('tick', { n: 2 });
    const start = performance.now();
    await followIn(page, { lastEventId });
    await site.tick(3);
    await expect.poll(() => typesIn(page), soon).toEqual(['open', 'tick']);
    expect(performance.now() - start).toBeGreaterThan(2900);
    const [open] = await heardIn(page);
    expect(open?.data).toEqual({ transport: 'websocket', recovered: true });
    await site.tick(4);
    await expect.poll(() => ticksIn(page), soon).toEqual([3, 4]);
    await quietWindow();
    expect(streams(proxy.requests)).toEqual(['/news', '/news/ws']);
  });

  it('because they are refused are replaced at once, and stay replaced', async () => {
    const site = await EventSite.start();
    const proxy = await startProxy(site.port, {
      answer: (request, response) => {
        if (!isEventStream(request)) return false;
        response.writeHead(503).end();
        return true;
      },
    });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(proxy.url);
    await followIn(page);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1);
    await site.stop();
    await site.tick(2);
    await site.start();
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2]);
    expect(streams(proxy.requests).filter((path) => path === '/news')).toHaveLength(1);
  });

  it('are waited for where there is to be no WebSocket', async () => {
    const site = await EventSite.start();
    const proxy = await startProxy(site.port, { swallowsBody: isEventStream });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(proxy.url);
    await followIn(page, { websocket: false });
    await expect.poll(() => streams(proxy.requests), soon).toEqual(['/news']);
    await quietWindow(4000);
    expect(streams(proxy.requests)).toEqual(['/news']);
  });

  it('are replaced by the WebSocket route that is named', async () => {
    const site = await EventSite.start();
    const proxy = await startProxy(site.port, {
      answer: (request, response) => {
        if (!request.url?.startsWith('/elsewhere')) return false;
        response.writeHead(404).end();
        return true;
      },
    });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(proxy.url);
    await followIn(page, { websocket: '/news/ws' }, ['tick'], '/elsewhere');
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1);
    await expect.poll(() => ticksIn(page), soon).toEqual([1]);
  });
});
