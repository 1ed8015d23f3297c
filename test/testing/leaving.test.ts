import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../plugins/testing.ts';
import { sseApp } from '../support/sse-app.ts';

async function newsApp() {
  const app = await sseApp();
  const news = app.channel('news');
  app.get('/news', (_request, reply) => reply.sse(news));
  return { app, news };
}

describe('an injected client that leaves', () => {
  it('is seen by the server once close() resolves', async () => {
    const { app, news } = await newsApp();
    const events = await readEvents(app, '/news');
    const [stream] = news.streams;
    expect([news.size, stream?.open]).toEqual([1, true]);
    await events.close();
    expect([news.size, stream?.open, app.sse.stats().streams]).toEqual([0, false, 0]);
    await events.close();
  });

  it('leaves while it waits, and the wait ends', async () => {
    const { app, news } = await newsApp();
    const events = await readEvents(app, '/news');
    const next = events.next('tick');
    const outcome = expect(next).rejects.toThrow('before this client left');
    await events.close();
    await outcome;
    await expect(events.end()).rejects.toThrow('before this client left');
    expect(news.size).toBe(0);
  });

  it('leaves at the end of its block', async () => {
    const { app, news } = await newsApp();
    {
      await using events = await readEvents(app, '/news');
      await events.next('dev-serve:position');
      expect(news.size).toBe(1);
    }
    expect(news.size).toBe(0);
  });

  it('leaves with the loop', async () => {
    const { app, news } = await newsApp();
    const events = await readEvents(app, '/news');
    await news.publish({ data: 1 });
    for await (const { data } of events) {
      expect(data).toBe(1);
      break;
    }
    expect(news.size).toBe(0);
  });

  it('aborts the signal of a generator that waits', async () => {
    const app = await sseApp();
    let left = false;
    app.get('/', (_request, reply) =>
      reply.sse(async function* ({ signal }) {
        try {
          yield 'hello';
          await once(signal, 'abort');
        } finally {
          left = true;
        }
      }),
    );
    const events = await readEvents(app, '/');
    expect((await events.next()).data).toBe('hello');
    await events.close();
    await expect.poll(() => left).toBe(true);
  });
});
