import { describe, expect, it } from 'vitest';
import { readEvents } from '../../plugins/testing.ts';
import { sseApp } from '../support/sse-app.ts';

async function newsApp() {
  const app = await sseApp({ retry: 1234 });
  const news = app.channel('news');
  app.get('/news', (_request, reply) => reply.sse(news));
  return { app, news };
}

describe('the events of an injected app', () => {
  it('are read one by one, with their data and ids', async () => {
    const { app, news } = await newsApp();
    await using events = await readEvents(app, '/news');
    expect(events.response).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/event-stream' },
    });
    const id = await news.publish({ event: 'tick', data: { n: 1 } });
    expect(await events.next()).toEqual({ event: 'tick', id, data: { n: 1 } });
    await news.publish({ data: 'two\nlines' });
    expect(await events.next()).toMatchObject({ event: 'message', data: 'two\nlines' });
  });

  it('are awaited before they are published', async () => {
    const { app, news } = await newsApp();
    await using events = await readEvents(app, '/news');
    const tick = events.next('tick');
    await news.publish({ event: 'tick', data: 1 });
    expect((await tick).data).toBe(1);
  });

  it('of a type are found past others', async () => {
    const { app, news } = await newsApp();
    await using events = await readEvents(app, '/news');
    for (const event of ['tick', 'trade', 'tick']) await news.publish({ event, data: event });
    expect((await events.next('trade')).data).toBe('trade');
    expect((await events.next('tick')).data).toBe('tick');
  });

  it('go to those who ask at the same time in the order of asking', async () => {
    const { app, news } = await newsApp();
    await using events = await readEvents(app, '/news');
    await events.next('dev-serve:position');
    const asked = [events.next(), events.next(), events.next('last')];
    for (const data of [1, 2, 3]) await news.publish({ data });
    await news.publish({ event: 'last', data: 4 });
    expect((await Promise.all(asked)).map(({ data }) => data)).toEqual([1, 2, 4]);
  });

  it('are looped over until the server ends the stream', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) =>
      reply.sse(async function* () {
        for (const data of [3, 2, 1]) yield { event: 'left', data };
      }),
    );
    const seen: unknown[] = [];
    for await (const { data } of await readEvents(app, '/')) seen.push(data);
    expect(seen).toEqual([3, 2, 1]);
  });

  it('are those of the app, unless others are asked for by name', async () => {
    const { app, news } = await newsApp();
    await using events = await readEvents(app, '/news');
    expect(events.position).toBeUndefined();
    const { id, data } = await events.next('dev-serve:position');
    expect(data).toEqual({ recovered: true });
    expect([id, events.lastEventId, events.retry]).toEqual([news.lastEventId, id, 1234]);
    expect(events.position).toEqual({ event: 'dev-serve:position', id, data });
  });
});

describe('what an injected client asks with', () => {
  it('is its Last-Event-ID', async () => {
    const { app, news } = await newsApp();
    const after = await news.publish({ data: 'seen' });
    await news.publish({ data: 'missed' });
    await using events = await readEvents(app, '/news', { lastEventId: after });
    expect((await events.next()).data).toBe('missed');
    expect(events.position).toMatchObject({ id: after, data: { recovered: true } });
  });

  it.each(['ελ 漢字 😀', 'x'.repeat(16_384), ''])(
    'may be any Last-Event-ID (%#)',
    async (lastEventId) => {
      const app = await sseApp();
      app.get('/', (_request, reply) =>
        reply.sse(async function* ({ lastEventId: id }) {
          yield { data: { id } };
        }),
      );
      const events = await readEvents(app, '/', { lastEventId });
      const id = lastEventId === '' ? undefined : lastEventId.slice(0, 255);
      expect((await events.next()).data).toEqual({ id });
      await events.end();
    },
  );

  it('is any request that inject() takes', async () => {
    const app = await sseApp();
    app.post('/', (request, reply) =>
      reply.sse(async function* () {
        const { body, query, ip, headers } = request;
        yield { data: { body, query, ip, token: headers.authorization, accept: headers.accept } };
      }),
    );
    const events = await readEvents(app, '/', {
      method: 'POST',
      payload: { question: 'why?' },
      query: { page: '2' },
      headers: { authorization: 'Bearer x' },
      remoteAddress: '192.0.2.1',
    });
    expect((await events.next()).data).toEqual({
      body: { question: 'why?' },
      query: { page: '2' },
      ip: '192.0.2.1',
      token: 'Bearer x',
      accept: 'text/event-stream',
    });
  });
});

describe('a source that never waits', () => {
  it('is asked for no more than the test reads', async () => {
    const app = await sseApp();
    let made = 0;
    app.get('/', (_request, reply) =>
      reply.sse(async function* () {
        for (;;) yield { data: `${made++} ${'x'.repeat(1000)}` };
      }),
    );
    await using events = await readEvents(app, '/');
    for (let n = 0; n < 500; n++) expect((await events.next()).data).toMatch(`${n} x`);
    expect(made).toBeLessThan(700);
  });
});
