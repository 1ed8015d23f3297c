import { expect, vi } from 'vitest';
import { readEvents } from '../../../../plugins/testing.ts';
import { type Call, newSite, onStream } from './handled.ts';

const soon = { timeout: 20_000 };

/** Two clients of a channel, Ada and Bob. */
async function twoReaders() {
  const site = await newSite();
  site.app.get<{ Querystring: { user: string } }>('/', (request, reply) =>
    reply.sse(site.news, { state: { user: request.query.user } }),
  );
  const open = (user: string) => readEvents(site.app, `/?user=${user}`, { timeout: 20_000 });
  const [ada, bob] = await Promise.all([open('ada'), open('bob')]);
  for (const reader of [ada, bob]) await reader.next('dev-serve:position');
  return { ...site, ada, bob, open };
}

const observes =
  (act: (site: Awaited<ReturnType<typeof twoReaders>>) => Promise<unknown>): Call =>
  async (run) => {
    const site = await twoReaders();
    const f = vi.fn();
    run({ news: site.news, f });
    expect(f).not.toHaveBeenCalled();
    await act(site);
    await vi.waitFor(() => expect(f).toHaveBeenCalledOnce(), soon);
    expect(f).toHaveBeenCalledWith(expect.objectContaining({ channel: 'news' }));
  };

/** What is called on a channel. */
export const channelCalls: Readonly<Record<string, Call>> = {
  async "app.channel('news')"(run) {
    const { app, news } = await newSite();
    expect(run({ app })).toBe(news);
  },

  async "news.publish({ event: 'tick', data: { n: 1 } })"(run) {
    const { app, news, ada, bob } = await twoReaders();
    const start = news.lastEventId ?? '';
    const id = await run({ news });
    const event = { event: 'tick', data: { n: 1 }, id };
    expect(await ada.next()).toEqual(event);
    expect(await bob.next()).toEqual(event);
    const late = await readEvents(app, '/', { lastEventId: start });
    expect(await late.next()).toEqual(event);
  },

  async "for (const data of ['a', 'b', 'c']) news.publish({ data })"(run) {
    const { app, news } = await twoReaders();
    const response = await app.inject({ url: '/', payloadAsStream: true });
    const pieces: string[] = [];
    response.stream().on('data', (piece) => pieces.push(String(piece)));
    await vi.waitFor(() => expect(pieces.join('')).toContain('\n\n'), soon);
    const before = pieces.length;
    run({ news });
    await vi.waitFor(() => expect(pieces.join('')).toContain('data: c\n'), soon);
    expect(pieces.slice(before)).toHaveLength(1);
  },

  async "news.send('psst', ({ state }) => state.user === 'ada')"(run) {
    const { news, ada, bob } = await twoReaders();
    expect(run({ news })).toBe(1);
    await news.publish({ data: 'for all' });
    expect([await ada.next(), await ada.next()]).toMatchObject([
      { data: 'psst' },
      { data: 'for all' },
    ]);
    expect(await bob.next()).toMatchObject({ data: 'for all' });
  },

  async 'news.size'(run) {
    const { news, bob } = await twoReaders();
    expect(run({ news })).toBe(2);
    await bob.close();
    expect(run({ news })).toBe(1);
  },

  async 'news.streams'(run) {
    const { news, stream } = await onStream(run);
    expect(run({ news })).toEqual([stream]);
  },

  "news.on('subscribe', f)": observes(({ open }) => open('cleo')),
  "news.on('unsubscribe', f)": observes(({ bob }) => bob.close()),
  "news.on('publish', f)": observes(({ news }) => news.publish({ data: 1 })),
};
