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

it.each([
  ['one', false],
  ['channel', true],
])('who logs to the client of %s source that is too slow is told so', async (_kind, hasChannel) => {
  const app = await sseApp();
  const sent: boolean[] = [];
  app.get('/', (request, reply) => {
    const stream = hasChannel ? reply.sse(app.channel('news')) : reply.sse();
    request.log.error = () => void sent.push(stream.send('logged'));
    while (stream.send('x'.repeat(60_000)));
    return stream;
  });
  const client = visit(await listen(app));
  await expect.poll(() => client.closed).toBe(true);
  expect([client.status, sent, app.sse.stats().stalled]).toEqual([200, [false], 1]);
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

it('one larger event behind many small ones that a client is taking is not too much', () => {
  const stream = newStream(newHub());
  stream.read(0);
  for (let sent = 0; sent < 4000; sent += 1) {
    expect(stream.send('x'.repeat(16))).toBe(true);
    if (stream.readableLength > 17_500) stream.read(24);
  }
  for (const text of ['x'.repeat(40_000), 'y', 'z']) expect(stream.send(text)).toBe(true);
  expect(stream.open).toBe(true);
  stream.destroy();
});

it('of small events as many may wait as of those of a kibibyte, whoever is taking them', () => {
  const stream = newStream(newHub());
  stream.read(0);
  const text = 'x'.repeat(20);
  const size = `data: ${text}\n\n`.length;
  for (let sent = 0; sent < 3000; sent += 1) {
    expect(stream.send(text)).toBe(true);
    if (stream.readableLength > 1000 * size) stream.read(size);
  }
  let more = 0;
  const sendOn = () => {
    while (stream.send(text)) more += 1;
  };
  // Who is told of it here is the sender.
  expect(sendOn).toThrow('maxUnread');
  expect(more).toBeGreaterThan(15);
  expect(more).toBeLessThan(35);
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
      (stream) => void Array.from({ length: 1100 }, () => stream.send('x')),
    ],
    [
      'empty events behind a channel',
      true,
      (stream) => void Array.from({ length: 1100 }, () => stream.send('')),
    ],
    ['events', false, (stream) => void Array.from({ length: 1100 }, () => stream.send('x'))],
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

it.each(['one', 'channel'])(
  'N6: a client of %s source that for which more than maxUnread waits is disconnected',
  async (kind) => {
    const app = await sseApp({ maxUnread: 20_000 });
    let sent = 0;
    app.get('/', (_request, reply) => {
      const stream = kind === 'one' ? reply.sse() : reply.sse(app.channel('news'));
      while (stream.send('x'.repeat(2000))) sent += 1;
      return stream;
    });
    const client = visit(await listen(app));
    await expect.poll(() => client.closed).toBe(true);
    expect(sent).toBeGreaterThanOrEqual(11);
    expect(sent).toBeLessThanOrEqual(13);
    expect(app.sse.stats().stalled).toBe(1);
  },
);
