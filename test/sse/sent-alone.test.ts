import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import sse, { type EventStream } from '../../plugins/sse.ts';
import { newHub, newStream } from '../support/event-hub.ts';
import { visit } from '../support/event-request.ts';
import { fastifyKinds } from '../support/fastify-kinds.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const MEBIBYTE = 1024 * 1024;

describe.each(fastifyKinds)('what a client is sent alone over $name', ({ create, visit }) => {
  it.each(['one', 'channel'])(
    'may be large, as the first of a stream of %s source',
    async (kind) => {
      const app = create();
      await app.register(sse);
      app.get('/', (_request, reply) => {
        const stream = kind === 'one' ? reply.sse() : reply.sse(app.channel('news'));
        setImmediate(() => {
          stream.send(`welcome ${'x'.repeat(3 * MEBIBYTE)}`);
          stream.send('ready');
          stream.send('steady');
        });
        return stream;
      });
      const client = visit(await listen(app));
      await expect.poll(() => client.text.slice(-100)).toContain('data: steady');
      expect(client.text.length).toBeGreaterThan(3 * MEBIBYTE);
      expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
    },
  );
});

it.each([
  ['one', false],
  ['channel', true],
])(
  'a large event among small ones, sent before the handler returns the stream of %s source, is sent',
  async (_kind, hasChannel) => {
    const app = await sseApp();
    app.get('/', (_request, reply) => {
      const stream = hasChannel ? reply.sse(app.channel('news')) : reply.sse();
      for (const text of ['hello', 'x'.repeat(3 * MEBIBYTE), 'ready', 'steady']) stream.send(text);
      return stream;
    });
    const client = visit(await listen(app));
    await expect.poll(() => client.text.slice(-100)).toContain('data: steady');
    expect(client.text.match(/^data: \w+/gm)?.map((line) => line.slice(0, 11))).toEqual(
      expect.arrayContaining(['data: hello', 'data: xxxxx', 'data: ready', 'data: stead']),
    );
    expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
  },
);

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

it('four generators of large events are all heard', async () => {
  const app = await sseApp();
  const large = (name: string) =>
    async function* () {
      for (let n = 0; n < 3; n += 1) yield { data: `${name}${n} ${'x'.repeat(2 * MEBIBYTE)}` };
    };
  app.get('/', (_request, reply) => reply.sse(['a', 'b', 'c', 'd'].map(large)));
  const client = visit(await listen(app));
  await expect.poll(() => client.ended).toBe(true);
  expect(client.text.match(/^data: \w\d/gm)).toHaveLength(12);
  expect(app.sse.stats().stalled).toBe(0);
});

it('who logs to the client that is too slow for it is not called for ever', async () => {
  const app = await sseApp();
  let errors = 0;
  app.get('/', (request, reply) => {
    const stream = reply.sse();
    request.log.error = () => {
      errors += 1;
      stream.send('logged');
    };
    while (stream.send('x'.repeat(60_000)));
    return stream;
  });
  const client = visit(await listen(app));
  await expect.poll(() => client.closed).toBe(true);
  expect([client.status, errors, app.sse.stats().stalled]).toEqual([200, 1, 1]);
});

it('a client that is behind, and takes as much as it is sent, stays', () => {
  const stream = newStream(newHub());
  stream.read(0);
  for (let sent = 0; sent < 5 * MEBIBYTE; sent += 50_000) {
    expect(stream.send('x'.repeat(50_000))).toBe(true);
    // Never all of it.
    if (stream.readableLength > 500_000) stream.read(50_000);
  }
  expect(stream.open).toBe(true);
  stream.destroy();
});

describe('too much that is sent before the handler has returned the stream', () => {
  /** What a client gets for it. */
  async function answer(fill: (stream: EventStream) => void, hasChannel: boolean) {
    const app = await sseApp();
    app.get('/', (_request, reply) => {
      const stream = hasChannel ? reply.sse(app.channel('news')) : reply.sse();
      fill(stream);
      return stream;
    });
    const client = visit(await listen(app));
    await expect.poll(() => client.closed).toBe(true);
    return { client, app };
  }

  it.each<[string, boolean, (stream: EventStream) => void]>([
    [
      'events behind a channel',
      true,
      (stream) => void Array.from({ length: 1025 }, () => stream.send('x')),
    ],
    [
      'bytes',
      false,
      (stream) => {
        while (stream.send('x'.repeat(60_000)));
      },
    ],
  ])('(%s) ends it, and its client comes back by itself', async (_what, hasChannel, fill) => {
    const { client, app } = await answer(fill, hasChannel);
    // That of an error would be the last: an EventSource does not try again.
    expect(client.status).toBe(200);
    expect(client.text).toContain('retry: ');
    expect(app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
  });
});
