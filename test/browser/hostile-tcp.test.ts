import { describe, expect, it, onTestFinished } from 'vitest';
import { browsers } from '../support/browsers.ts';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, ticksIn, typesIn } from '../support/event-site.ts';
import { type Fault, HostileTcp } from '../support/faults/hostile-tcp.ts';
import { LiveSite } from '../support/live-site.ts';
import { news } from '../support/peers/news.ts';
import { NewsServer } from '../support/peers/news-server.ts';
import { randomFrom, seed } from '../support/random.ts';

const chromium = useChromium();
const later = { timeout: 30_000 };

/** One that happens a little behind the beginning of a text. */
const cut = (text: string, how: Fault['how'], offset = 3): Fault => ({
  after: { text, offset },
  how,
});

describe.skipIf(!hasChromium)(`a page behind a hostile TCP proxy (seed ${seed})`, () => {
  it.each(['sse', 'websocket'])(
    'hears each event once, in order (%s)',
    async (transport) => {
      const site = await EventSite.start();
      const random = randomFrom(seed);
      // An envelope holds the data as a text of its own.
      const tick = (n: number) => (transport === 'sse' ? `"n":${n}` : `n\\":${n}`);
      const faults = [
        cut(tick(2), 'reset'),
        cut(tick(4), 'destroy'),
        cut(tick(6), 'half-close'),
        cut(tick(8), { stall: 500 }),
      ];
      let page = '';
      const proxy = await HostileTcp.start({ onTestFinished }, site.port, (nth) => ({
        writes: nth % 2 === 0 ? 1 : 1 + Math.floor(random() * 20),
        faults: page === '' ? [] : faults,
      }));
      page = `http://127.0.0.1:${proxy.port}/`;
      const tab = await (await chromium.newContext()).newPage();
      await tab.goto(page);
      await site.tick(0);
      const url = transport === 'sse' ? '/news' : '/nowhere';
      await followIn(tab, { shared: false, websocket: '/news/ws' }, ['tick'], url);
      await expect.poll(() => typesIn(tab), later).toContain('open');
      for (let n = 1; n <= 9; n += 1) {
        await site.tick(n);
        await expect.poll(async () => (await ticksIn(tab)).at(-1), later).toBe(n);
      }
      expect(await ticksIn(tab)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await typesIn(tab)).not.toContain('dev-serve:lost');
      expect(proxy.faults).toBe(faults.length);
    },
    90_000,
  );

  it('follows its files to the last state, whatever breaks off on the way', async () => {
    const page = (text: string) =>
      `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;
    const site = await LiveSite.start({ 'index.html': page('state 0') });
    const faults = [
      cut('"operation":"write"', 'reset'),
      cut('<p>state 2', { stall: 500 }, 8),
      cut('"operation":"write"', 'destroy'),
      cut('event: dev-serve:position', 'half-close', 9),
      cut('"operation":"write"', { stall: 500 }, 12),
    ];
    const proxy = await HostileTcp.start({ onTestFinished }, site.port, (nth) => ({
      ...(nth % 2 === 1 && { writes: 7 }),
      faults: nth < 2 ? [] : faults,
    }));
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(`http://127.0.0.1:${proxy.port}/`);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    for (let state = 1; state <= 5; state += 1) {
      await site.write('index.html', page(`state ${state}`));
      const shown = () => tab.textContent('p', { timeout: 1000 }).catch(() => '');
      await expect.poll(shown, later).toBe(`state ${state}`);
    }
    expect(proxy.faults).toBeGreaterThan(2);
  }, 120_000);
});

describe.each(browsers)(
  `a page of $name behind a proxy of single bytes`,
  ({ isThere, newPage }) => {
    it.skipIf(!isThere).each(['EventSource', 'WebSocket'])(
      'reads every event as it was published (%s)',
      async (kind) => {
        const small = news.filter(({ data }) => JSON.stringify(data).length < 1000);
        const server = await NewsServer.start({ onTestFinished });
        const { port } = await HostileTcp.start({ onTestFinished }, server.port, () => ({
          writes: 1,
        }));
        const tab = await newPage();
        // Any page of that origin will do.
        await tab.goto(`http://127.0.0.1:${port}/missing`);
        const types = [...new Set(small.map(({ event }) => event || 'message'))];
        await tab.evaluate(listenInPage, { kind, types });
        await expect.poll(() => server.channel.size, soon).toBe(1);
        const ids = await Promise.all(small.map((message) => server.channel.publish(message)));
        const heard = () => tab.evaluate(() => Reflect.get(globalThis, 'heard'));
        await expect.poll(async () => (await heard()).length, later).toBe(small.length);
        const expected = small.map(({ event, data }, nth) => {
          const text = typeof data === 'string' ? data : JSON.stringify(data);
          const read = Buffer.from(text.replace(/\r\n?/g, '\n')).toString();
          return [event || 'message', read, ids[nth]];
        });
        expect(await heard()).toEqual(expected);
      },
      60_000,
    );
  },
);

/** Runs in the page: keeps what is heard as `[type, data, id]`, without positions. */
function listenInPage({ kind, types }: { kind: string; types: readonly string[] }): void {
  const heard: string[][] = [];
  Object.assign(globalThis, { heard });
  if (kind === 'EventSource') {
    const source = new EventSource('/events');
    for (const type of types) {
      source.addEventListener(type, (event) => {
        heard.push([event.type, event.data, event.lastEventId]);
      });
    }
    return;
  }
  const socket = new WebSocket(`ws://${location.host}/events/ws`, 'dev-serve');
  socket.addEventListener('message', (message) => {
    const { id, event, data } = JSON.parse(message.data);
    if (event !== 'dev-serve:position') heard.push([event, data, id]);
  });
}
