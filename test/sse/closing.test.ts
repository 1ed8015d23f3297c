import { EventEmitter, once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import Fastify, { type FastifyRequest } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import sse from '../../plugins/sse.ts';
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
