import { describe, expect, it } from 'vitest';
import { visit } from '../support/event-request.ts';
import { nextCrash } from '../support/next-crash.ts';
import { dataOf, sent, startNews } from '../support/peers/news-page.ts';

const soon = { timeout: 20_000 };

describe('as users of better-sse know it, a channel', () => {
  it('gives an event the same id for everybody', async () => {
    const { news, client } = await startNews();
    const [one, two] = await Promise.all([client(), client()]);
    const id = await news.publish({ event: 'tick', data: 1 });
    await expect.poll(() => sent(one), soon).toEqual([{ id, event: 'tick', data: '1' }]);
    await expect.poll(() => sent(two), soon).toEqual(sent(one));
  });

  it('forgets a client that has left, and does not miss it', async () => {
    const { news, origin, client } = await startNews();
    const answer = visit(origin);
    const events = await client();
    await expect.poll(() => news.size, soon).toBe(2);
    answer.leave();
    await expect.poll(() => news.size, soon).toBe(1);
    await news.publish({ data: 'still here' });
    await expect.poll(() => dataOf(events), soon).toEqual(['still here']);
    expect(news.streams).toHaveLength(1);
  });

  it('knows what the app has said of each of its clients', async () => {
    const { news, client } = await startNews({}, ({ url }, reply) =>
      reply.sse(news, { state: { url } }),
    );
    await Promise.all([client('?a'), client('?b')]);
    const states = news.streams.map(({ state }) => state);
    expect(states).toHaveLength(2);
    expect(states).toEqual(expect.arrayContaining([{ url: '/?a' }, { url: '/?b' }]));
  });

  it('reaches everybody, though a listener throws', async () => {
    const { news, client } = await startNews();
    const clients = await Promise.all([client(), client()]);
    const crashed = nextCrash();
    news.on('publish', () => {
      throw new Error('a bug in the app');
    });
    await news.publish({ data: 'for all' });
    expect(await crashed).toEqual(new Error('a bug in the app'));
    for (const events of clients) {
      await expect.poll(() => dataOf(events), soon).toEqual(['for all']);
    }
  });

  it('reaches everybody else, though a filter throws', async () => {
    const { news, client, origin } = await startNews({}, ({ url }, reply) =>
      reply.sse(news, {
        filter() {
          if (url === '/?broken') throw new Error('a bug in the app');
          return true;
        },
      }),
    );
    const broken = visit(`${origin}/?broken`);
    await expect.poll(() => news.size, soon).toBe(1);
    const events = await client();
    await news.publish({ data: 'one' });
    await news.publish({ data: 'two' });
    await expect.poll(() => dataOf(events), soon).toEqual(['one', 'two']);
    // What it cannot judge it holds back, and says nothing of why.
    expect(broken.text).not.toMatch(/a bug|data: (one|two)/);
  });
});
