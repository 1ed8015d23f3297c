import { once } from 'node:events';
import { connect } from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import websocket from '../../plugins/websocket.ts';
import { handshake, rawRequest } from '../support/raw-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

async function newsApp(): Promise<{ app: FastifyInstance; url: string; port: number }> {
  const app = await sseApp();
  await app.register(websocket, { path: '/news', channel: 'news' });
  app.get('/page', () => 'a page');
  const url = await listen(app);
  return { app, url: `${url.replace('http', 'ws')}/news`, port: Number(new URL(url).port) };
}

/** A client that remembers what it was sent. */
function open(url: string, protocols: string[]): { socket: WebSocket; frames: string[] } {
  const socket = new WebSocket(url, protocols);
  const frames: string[] = [];
  socket.on('message', (data, isBinary) => frames.push(isBinary ? 'binary' : data.toString()));
  return { socket, frames };
}

describe('the WebSocket route', () => {
  it('sends envelopes with a position to clients that ask for the subprotocol', async () => {
    const { app, url } = await newsApp();
    const { socket, frames } = open(url, ['other', 'dev-serve']);
    await expect.poll(() => frames.length).toBe(1);
    const id = await app.channel('news').publish({ event: 'tick', data: { n: 1 } });
    await expect.poll(() => frames.length).toBe(2);
    expect(socket.protocol).toBe('dev-serve');
    expect(frames.map((frame) => JSON.parse(frame))).toEqual([
      { id: id.replace(/1$/, '0'), event: 'dev-serve:position', data: '{"recovered":true}' },
      { id, event: 'tick', data: '{"n":1}' },
    ]);
    socket.terminate();
  });

  it('sends the bare data of each event to clients that ask for none', async () => {
    const { app, url } = await newsApp();
    const { socket, frames } = open(url, []);
    await once(socket, 'open');
    await app.channel('news').publish({ data: { operation: 'write' } });
    await app.channel('news').publish({ data: 'text' });
    await expect.poll(() => frames).toEqual(['{"operation":"write"}', 'text']);
    socket.terminate();
  });

  it('leaves what is to be compressed to the WebSocket', async () => {
    const app = await sseApp();
    await app.register(fastifyWebsocket, { options: { perMessageDeflate: true } });
    await app.register(websocket, { path: '/news', channel: 'news' });
    const { socket, frames } = open(`${(await listen(app)).replace('http', 'ws')}/news`, []);
    const [[{ socket: transport }]] = await Promise.all([
      once(socket, 'upgrade'),
      once(socket, 'open'),
    ]);
    const texts = ['first', 'x'.repeat(100_000), 'last'];
    for (const data of texts) void app.channel('news').publish({ data });
    await expect.poll(() => frames).toEqual(texts);
    expect(socket.extensions).toContain('permessage-deflate');
    expect(transport.bytesRead).toBeLessThan(10_000);
    socket.terminate();
  });

  const names = ['lastEventId', 'last_event_id', 'evs_last_event_id'];
  it.each(names)('resumes after the id in the query as %s', async (name) => {
    const { app, url } = await newsApp();
    const channel = app.channel('news');
    const first = await channel.publish({ data: 'a' });
    const second = await channel.publish({ data: 'b' });
    const { socket, frames } = open(`${url}?${name}=${first}`, ['dev-serve']);
    await expect.poll(() => frames.length).toBe(2);
    expect(frames.map((frame) => JSON.parse(frame).id)).toEqual([first, second]);
    socket.terminate();
  });

  it('only sends: a client that talks is closed with 1008', async () => {
    const { url } = await newsApp();
    const { socket } = open(url, []);
    await once(socket, 'open');
    socket.send('hello');
    expect((await once(socket, 'close'))[0]).toBe(1008);
  });

  it('closes with 1012 when the server closes, in milliseconds', async () => {
    const { app, url } = await newsApp();
    const { socket } = open(url, []);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    const start = performance.now();
    await app.close();
    expect(performance.now() - start).toBeLessThan(10_000);
    expect((await closed)[0]).toBe(1012);
  });

  it('does not hold up a closing server for a client that never answers', async () => {
    const { app, port } = await newsApp();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`${handshake('/news', 'Host: 127.0.0.1').join('\r\n')}\r\n\r\n`);
    await once(socket, 'data');
    const start = performance.now();
    await app.close();
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('drops a client that leaves a ping unanswered', async () => {
    const app = await sseApp({ heartbeatInterval: 20 });
    await app.register(websocket, { path: '/news', channel: 'news' });
    const { port } = new URL(await listen(app));
    const socket = connect(Number(port), '127.0.0.1').resume();
    socket.write(`${handshake('/news', 'Host: 127.0.0.1').join('\r\n')}\r\n\r\n`);
    await once(socket, 'close');
    await expect.poll(() => app.channel('news').size).toBe(0);
  });

  it('answers 404 to an ordinary request', async () => {
    const { app } = await newsApp();
    expect((await app.inject('/news')).statusCode).toBe(404);
  });
});

describe('an upgrade that becomes no WebSocket of ours', () => {
  it('to a malformed target is answered 400 and ended', async () => {
    const { app, port } = await newsApp();
    const { status } = await rawRequest(port, handshake('/%', 'Host: 127.0.0.1'));
    expect(status).toBe(400);
    await app.close();
  });

  it('to a path that does not exist is answered 404 and ended', async () => {
    const { port } = await newsApp();
    const { status } = await rawRequest(port, handshake('/nowhere', 'Host: 127.0.0.1'));
    expect(status).toBe(404);
  });

  it('to an ordinary route is answered 404 and ended, never 101', async () => {
    const { port } = await newsApp();
    const { status } = await rawRequest(port, handshake('/page', 'Host: 127.0.0.1'));
    expect(status).toBe(404);
  });

  it('that comes while the server closes is refused, and does not hold it up', async () => {
    const { app, url, port } = await newsApp();
    // A client that never answers the closing handshake keeps the server waiting for a while.
    const { socket } = open(url, []);
    await once(socket, 'open');
    socket.pause();
    const start = performance.now();
    const closing = app.close();
    const answer = await rawRequest(port, handshake('/news', 'Host: 127.0.0.1')).then(
      ({ status }) => status,
      ({ code }) => code,
    );
    expect([503, 'ECONNRESET', 'ECONNREFUSED']).toContain(answer);
    await closing;
    expect(performance.now() - start).toBeLessThan(10_000);
    socket.terminate();
  });
});

describe('registering the route', () => {
  it.each([
    ['a path without a slash', { path: 'news', channel: 'news' }],
    ['no channel', { path: '/news', channel: undefined as never }],
    ['an unknown option', { path: '/news', channel: 'news', heartbeat: 1 }],
    ['no channels', { path: '/news', channel: [] }],
  ])('with %s is refused with a coded TypeError', async (_name, options) => {
    const app = await sseApp();
    const register = async () => app.register(websocket, options);
    const error = await register().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
  });

  it('with another limit than that of the first WebSocket of the app is refused', async () => {
    const app = await sseApp();
    await app.register(websocket, { path: '/a', channel: 'news', maxPayload: 100 });
    await app.register(websocket, { path: '/b', channel: 'news' });
    await app.register(websocket, { path: '/c', channel: 'news', maxPayload: 100 });
    await expect(
      (async () => app.register(websocket, { path: '/d', channel: 'news', maxPayload: 101 }))(),
    ).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_INVALID_OPTION',
      message: expect.stringContaining('is 100 already'),
    });
  });
});
