import { connect } from 'node:http2';
import { connect as connectTcp, createServer } from 'node:net';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import sse from '../../plugins/sse.ts';
import { listenOn } from '../support/faults/listen-on.ts';
import { takeLittleByLittle } from '../support/little-by-little.ts';

const SIZE = 24 * 1024 * 1024;

/** A way to a server on which its answers come little by little. */
async function slowWay(origin: string): Promise<string> {
  const way = createServer((client) => {
    const upstream = connectTcp(Number(new URL(origin).port), '127.0.0.1');
    onTestFinished(() => void upstream.destroy());
    client.pipe(upstream).on('data', (chunk: Buffer) => client.write(chunk));
    for (const socket of [client, upstream]) socket.on('error', () => {});
    takeLittleByLittle(upstream);
  });
  onTestFinished(() => void way.close());
  return listenOn(way);
}

it('a stream of HTTP/2 may wait behind another one that is slow', async () => {
  const app = Fastify({ http2: true });
  onTestFinished(() => app.close());
  await app.register(sse, { stallTimeout: 1000 });
  const channel = app.channel('news');
  app.get('/', (_request, reply) => reply.sse(channel));
  // In one write, which nothing that is written later overtakes.
  app.get('/large', (_request, reply) => void reply.raw.end(Buffer.alloc(SIZE)));
  const origin = await slowWay(await app.listen({ port: 0, host: '127.0.0.1' }));
  // As browsers have it: all of a large answer is under way at once.
  const session = connect(origin, { settings: { initialWindowSize: 2 * SIZE } });
  onTestFinished(() => session.destroy());
  session.once('connect', () => session.setLocalWindowSize(2 * SIZE));
  let text = '';
  session
    .request({ ':path': '/' })
    .setEncoding('utf8')
    .on('data', (piece: string) => {
      text += piece;
    });
  await expect.poll(() => text).toContain('position');
  let received = 0;
  session.request({ ':path': '/large' }).on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  await expect.poll(() => received).toBeGreaterThan(SIZE / 24);
  await channel.publish({ data: 'behind' });
  await expect.poll(() => received, { timeout: 50_000 }).toBe(SIZE);
  await expect.poll(() => text).toContain('data: behind');
  expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
});
