import { EventEmitter, once } from 'node:events';
import { Agent, get, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import Fastify, { type FastifyRequest } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import sse, { type EventStream, type SSEOptions } from '../../plugins/sse.ts';
import { rawClient } from '../support/raw-client.ts';
import { listen, sseApp } from '../support/sse-app.ts';

/** Opens a stream; `ended` resolves when the server has ended it in good order. */
async function open(
  url: string,
  agent: Agent | false = false,
): Promise<{ ended: Promise<unknown> }> {
  const request = get(url, { agent });
  const [response] = await once(request, 'response');
  response.resume();
  return { ended: once(response, 'end') };
}

it('app.close() ends open streams cleanly and takes milliseconds', async () => {
  const app = await sseApp();
  app.get('/', (_request, reply) => reply.sse(app.channel('news')));
  const url = await listen(app);
  const streams = await Promise.all(Array.from({ length: 20 }, () => open(url)));
  const start = performance.now();
  await app.close();
  expect(performance.now() - start).toBeLessThan(10_000);
  await Promise.all(streams.map(({ ended }) => ended));
});

it('app.close() does not wait for connections whose stream a hook has wrapped', async () => {
  const app = Fastify({ keepAliveTimeout: 30_000 });
  onTestFinished(() => app.close());
  await app.register(sse);
  app.addHook('onSend', async (_request: FastifyRequest, reply, payload: Readable) => {
    reply.header('content-encoding', 'gzip');
    return payload.pipe(createGzip());
  });
  app.get('/', (_request, reply) => reply.sse(app.channel('news')));
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const { ended } = await open(await listen(app), agent);
  const start = performance.now();
  await app.close();
  expect(performance.now() - start).toBeLessThan(20_000);
  await ended;
});

/** A stream that a hook has wrapped, and a client that reads nothing of the 25 MiB that are published. */
async function wrapped(highWaterMark: number, options: SSEOptions = {}) {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(sse, options);
  app.addHook('onSend', async (_request: FastifyRequest, _reply, payload: Readable) =>
    payload.pipe(new PassThrough({ highWaterMark })),
  );
  const made: { stream: EventStream; response: ServerResponse }[] = [];
  const channel = app.channel('news');
  app.get('/', (_request, reply) => {
    const stream = reply.sse(channel);
    made.push({ stream, response: reply.raw });
    return stream;
  });
  const client = rawClient(Number(new URL(await listen(app)).port));
  client.socket.pause();
  client.send('GET / HTTP/1.1', 'Host: 127.0.0.1');
  await expect.poll(() => channel.size).toBe(1);
  for (let n = 0; n < 400; n += 1) await channel.publish({ data: 'x'.repeat(64 * 1024) });
  expect(app.sse.stats().streams).toBe(1);
  return { app, ...(made[0] ?? expect.fail()) };
}

const SOME = 16 * 1024;
const ALL = 64 * 1024 * 1024;

it.each([SOME, ALL])(
  'app.close() does not wait for a client that reads nothing of what a hook has wrapped, %i bytes of it',
  async (highWaterMark) => {
    const { app } = await wrapped(highWaterMark);
    const start = performance.now();
    await app.close();
    expect(performance.now() - start).toBeLessThan(10_000);
  },
);

it.each([
  ['ended', (stream: EventStream) => stream.close()],
  ['destroyed', (stream: EventStream) => void stream.destroy()],
])(
  'what a hook has wrapped counts until its client is gone, or takes nothing, once it is %s',
  async (_how, end) => {
    const { app, stream, response } = await wrapped(ALL, { stallTimeout: 500 });
    const closed = once(stream, 'close');
    end(stream);
    await closed;
    expect(response.destroyed).toBe(false);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
    expect(response.destroyed).toBe(true);
  },
);

it('app.close() tells each client another time to come back after', async () => {
  const app = await sseApp({ retry: 1000 });
  app.get('/', (_request, reply) => reply.sse(app.channel('news')));
  const url = await listen(app);
  const responses = await Promise.all([1, 2, 3, 4].map(() => fetch(url)));
  const texts = Promise.all(responses.map((response) => response.text()));
  await app.close();
  const times = (await texts).map((text) => Number(/\nretry: (\d+)\n$/.exec(text)?.[1]));
  expect(times.every((time) => time >= 1000 && time <= 2000)).toBe(true);
  expect(new Set(times).size).toBeGreaterThan(1);
});

it('app.close() does not wait a second for a client that reads nothing', async () => {
  const app = await sseApp();
  app.get('/', (_request, reply) => reply.sse(app.channel('news')));
  const { port, hostname } = new URL(await listen(app));
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => {});
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  const channel = app.channel('news');
  await expect.poll(() => channel.size).toBe(1);
  for (let n = 0; n < 400; n += 1) await channel.publish({ data: 'x'.repeat(64 * 1024) });
  const start = performance.now();
  await app.close();
  expect(performance.now() - start).toBeLessThan(10_000);
  socket.destroy();
});

it('a stream made while the server closes ends at once', async () => {
  const app = await sseApp({ retry: 250 });
  const handler = new EventEmitter();
  app.get('/', async (_request, reply) => {
    handler.emit('called');
    await once(handler, 'go on');
    return reply.sse(app.channel('news'));
  });
  const url = await listen(app);
  const called = once(handler, 'called');
  const answer = fetch(url);
  await called;
  const closing = app.close();
  // Hooks of the closing server have run by then.
  await new Promise(setImmediate);
  handler.emit('go on');
  expect(await (await answer).text()).toMatch(/^retry: (2[5-9]|[34])\d+\n$/);
  await closing;
});
