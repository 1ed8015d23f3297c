import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';
import { startProxy } from '../support/proxy.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

const isEventStream = ({ url = '' }) => /^\/events(\?|$)/.test(url);
const streams = (requests: readonly string[]) =>
  requests.flatMap((request) => /\/events(?:\/ws)?(?=\?|$)/.exec(request) ?? []);

describe.skipIf(!hasChromium)('event streams that do not get through', () => {
  it.each(['shared', 'private'])(
    'because a proxy keeps their bodies are replaced by a WebSocket, without a loss (%s)',
    async (kind) => {
      const site = await LiveSite.start({ 'index.html': page('one') });
      const proxy = await startProxy(site.port, { swallowsBody: isEventStream });
      const context = await chromium.newContext();
      if (kind === 'private') await context.addInitScript('delete globalThis.SharedWorker');
      const tab = await context.newPage();
      const start = performance.now();
      await tab.goto(proxy.url);
      const count = countLoads(tab);
      await expect.poll(() => streams(proxy.requests), soon).toEqual(['/events']);
      await site.write('index.html', page('two'));
      await expect.poll(() => tab.textContent('p'), soon).toBe('two');
      expect(performance.now() - start).toBeGreaterThan(2900);

      // The page that came knows what worked.
      await expect.poll(() => site.openStreams, soon).toBe(1);
      await site.write('index.html', page('three'));
      await expect.poll(() => tab.textContent('p'), soon).toBe('three');
      await quietWindow();
      expect(count.loads).toBe(2);
      expect(streams(proxy.requests)).toEqual([
        '/events',
        '/events/ws',
        '/events/ws',
        '/events/ws',
      ]);
    },
  );

  // What takes 3 s where nothing is refused: a busy machine may be as slow by itself.
  it('because they are refused are replaced at once', { retry: 3 }, async () => {
    const site = await LiveSite.start({ 'index.html': page('one') });
    const proxy = await startProxy(site.port, {
      answer: (request, response) => {
        if (!isEventStream(request)) return false;
        response.writeHead(503).end();
        return true;
      },
    });
    const tab = await (await chromium.newContext()).newPage();
    const start = performance.now();
    await tab.goto(proxy.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    expect(performance.now() - start).toBeLessThan(2500);
    await site.write('index.html', page('two'));
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
  });

  it('because the server has none are never asked for', async () => {
    const site = await LiveSite.start({ 'index.html': page('one') }, { streamMethod: 'websocket' });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.write('index.html', page('two'));
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    expect(site.streams().every((request) => request.startsWith('GET /events/ws'))).toBe(true);
  });
});
