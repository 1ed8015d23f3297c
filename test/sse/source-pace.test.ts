import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { visit } from '../support/event-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const MEBIBYTE = 1024 * 1024;

it('a generator beside a channel waits while the client is sent what comes before', async () => {
  const app = await sseApp();
  const [snapshot, taken] = [new EventEmitter(), { items: 0 }];
  async function* state() {
    yield { data: 'state' };
    await once(snapshot, 'done');
  }
  async function* generator() {
    for (; taken.items < 5000; taken.items += 1) yield { data: `item ${taken.items}` };
  }
  app.get('/', (_request, reply) =>
    reply.sse([app.channel('news'), generator], { snapshot: state }),
  );
  const client = visit(await listen(app));
  await expect.poll(() => client.text).toContain('data: state');
  // Many turns, in which it could have given all of them.
  for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate);
  expect(taken.items).toBeLessThan(10);
  snapshot.emit('done');
  await expect.poll(() => client.text.slice(-200)).toContain('data: item 4999');
  const items = [...client.text.matchAll(/^data: item (\d+)$/gm)].map(([, n]) => Number(n));
  expect(items).toEqual(Array.from({ length: 5000 }, (_none, n) => n));
  expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
});

/** So many sources, each of three events of 2 MiB, and who is told of each before it is given. */
const largeSources = (tell = () => {}) =>
  ['a', 'b', 'c', 'd'].map(
    (name) =>
      async function* () {
        for (let n = 0; n < 3; n += 1) {
          tell();
          yield { data: `${name}${n} ${'x'.repeat(2 * MEBIBYTE)}` };
        }
      },
  );

describe('generators of large events, several of them', () => {
  it('are all heard, and what is sent beside them', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) => {
      const tick = () => void setImmediate(() => stream.send({ event: 'tick', data: '' }));
      const stream = reply.sse(largeSources(tick));
      return stream;
    });
    const client = visit(await listen(app));
    await expect.poll(() => client.ended).toBe(true);
    expect(client.text.match(/^data: \w\d/gm)).toHaveLength(12);
    expect(client.text).toContain('event: tick');
    expect(app.sse.stats().stalled).toBe(0);
  });

  it('are all heard beside a channel, behind what comes before', async () => {
    const app = await sseApp();
    const snapshot = new EventEmitter();
    async function* state() {
      yield { data: 'state' };
      await once(snapshot, 'done');
    }
    app.get('/', (_request, reply) => {
      const stream = reply.sse([app.channel('news'), ...largeSources()], { snapshot: state });
      stream.send('hello');
      return stream;
    });
    const client = visit(await listen(app));
    await expect.poll(() => client.text).toContain('data: state');
    await new Promise(setImmediate);
    snapshot.emit('done');
    await expect.poll(() => client.text.match(/^data: \w\d/gm)).toHaveLength(12);
    expect(client.text).toContain('data: hello');
    expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
  });
});

it('a source that fails at once keeps nothing back that was sent before', async () => {
  const app = await sseApp();
  const news = app.channel('news');
  const failing = () => {
    throw new Error('no database');
  };
  app.get('/', (_request, reply) => {
    const stream = reply.sse([news, failing], { from: 'earliest' });
    stream.send('welcome');
    return stream;
  });
  // Who reads it already has it kept in memory.
  news.subscribe({ write: () => true, close: () => {} });
  for (const data of ['one', 'two']) await news.publish({ data });
  const client = visit(await listen(app));
  await expect.poll(() => client.ended).toBe(true);
  expect(client.text.match(/^data: \w+$/gm)).toEqual(['data: one', 'data: two', 'data: welcome']);
});
