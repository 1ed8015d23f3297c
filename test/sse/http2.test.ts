import { EventEmitter, once } from 'node:events';
import { connect, constants } from 'node:http2';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import sse, { type EventStream } from '../../plugins/sse.ts';

it('a stream over HTTP/2 carries events, is let go with its client, and ends with the server', async () => {
  const app = Fastify({ http2: true });
  onTestFinished(() => app.close());
  await app.register(sse, { retry: 250 });
  const channel = app.channel('news');
  app.get('/', (_request, reply) => reply.sse(channel));
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
  onTestFinished(() => session.destroy());

  const [leaving, staying] = [session.request({ ':path': '/' }), session.request({ ':path': '/' })];
  let text = '';
  staying.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  leaving.resume();
  await expect.poll(() => channel.size).toBe(2);
  leaving.close();
  await expect.poll(() => channel.size).toBe(1);
  const id = await channel.publish({ data: 'over two' });
  await expect.poll(() => text).toContain(`data: over two\nid: ${id}\n\n`);
  const ended = once(staying, 'end');
  const closing = app.close();
  await ended;
  // Fastify waits for the sessions of clients, whether or not they have streams.
  session.destroy();
  await closing;
});

it('a stream that is made after its HTTP/2 client has left is let go', async () => {
  const app = Fastify({ http2: true });
  onTestFinished(() => app.close());
  await app.register(sse);
  const channel = app.channel('news');
  const handler = new EventEmitter();
  const streams: EventStream[] = [];
  app.get('/', async (request, reply) => {
    const left = once(request.raw, 'aborted');
    handler.emit('called');
    await left;
    const stream = reply.sse(channel);
    streams.push(stream);
    return stream;
  });
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
  onTestFinished(() => session.destroy());
  const called = once(handler, 'called');
  const request = session.request({ ':path': '/' });
  await called;
  request.close(constants.NGHTTP2_CANCEL);
  await expect.poll(() => streams.map(({ open }) => open)).toEqual([false]);
  expect(channel.size).toBe(0);
});

it('a stream that has ended and whose HTTP/2 client takes nothing of it is given up', async () => {
  const app = Fastify({ http2: true });
  onTestFinished(() => app.close());
  await app.register(sse, { stallTimeout: 500 });
  const streams: EventStream[] = [];
  app.get('/', (_request, reply) => {
    const stream = reply.sse(app.channel('news'));
    streams.push(stream);
    return stream;
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  // Its window is closed, and stays so.
  const session = connect(address, { settings: { initialWindowSize: 0 } });
  onTestFinished(() => session.destroy());
  const request = session.request({ ':path': '/' });
  const broken = once(request, 'close');
  await once(request, 'response');
  expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
  streams[0]?.close();
  await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
  await broken;
});

it('eight events of a turn are one piece of an HTTP/2 stream', async () => {
  const app = Fastify({ http2: true });
  onTestFinished(() => app.close());
  await app.register(sse);
  const channel = app.channel('news');
  app.get('/', (_request, reply) => reply.sse(channel));
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
  onTestFinished(() => session.destroy());
  const pieces: string[] = [];
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  stream.on('data', (piece: string) => pieces.push(piece));
  await expect.poll(() => pieces.join('')).toContain('position');
  const before = pieces.length;
  for (let n = 1; n <= 8; n += 1) void channel.publish({ data: n });
  await expect.poll(() => pieces.join('')).toContain('data: 8');
  const [piece = '', ...others] = pieces.slice(before);
  expect(others).toEqual([]);
  expect([...piece.matchAll(/^data: (\d)$/gm)].map(([, n]) => n).join('')).toBe('12345678');
});
