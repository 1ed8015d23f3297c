import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { StreamOptions } from '../../plugins/sse.ts';
import websocket, { type WebSocketOptions } from '../../plugins/websocket.ts';
import { listen, sseApp } from '../support/sse-app.ts';

async function socketApp(options: Partial<WebSocketOptions>) {
  const app = await sseApp();
  await app.register(websocket, { path: '/news', channel: 'news', ...options });
  const url = await listen(app);
  const open = (headers: Record<string, string> = {}) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/news`, { headers });
    const frames: string[] = [];
    socket.on('message', (data) => frames.push(String(data)));
    socket.on('error', () => {});
    return { socket, frames };
  };
  return { app, channel: app.channel('news'), url, open };
}

/** Options that come when they are told to. */
function laterOptions() {
  let resolve = () => {};
  const options = new Promise<StreamOptions>((settle) => {
    resolve = () => settle({});
  });
  return { subscription: () => options, resolve };
}

describe('what a subscription says', () => {
  it.each<[string, () => StreamOptions | Promise<StreamOptions>]>([
    ['at once', () => ({ filter: ({ data }) => data === 2 })],
    ['later', async () => ({ filter: ({ data }) => data === 2 })],
  ])('holds when it is said %s', async (_when, subscription) => {
    const { channel, open } = await socketApp({ subscription });
    const { frames } = open();
    await expect.poll(() => channel.size).toBe(1);
    for (const data of [1, 2, 3]) await channel.publish({ data });
    await expect.poll(() => frames).toEqual(['2']);
  });

  it.each<[string, unknown]>([
    ['a misspelt option', { fitler: () => false }],
    ['a filter that is none', { filter: 'x' }],
    ['a time that is none', { until: Number.NaN }],
  ])('(%s) opens no stream', async (_name, options) => {
    const { app, open } = await socketApp({ subscription: () => options as StreamOptions });
    const { socket } = open();
    const [code] = await once(socket, 'close');
    expect(code).toBe(1011);
    expect(app.sse.stats()).toMatchObject({ channels: 0, deliveries: 0 });
  });

  it('ends the socket when its token does', async () => {
    const until = new Date(Date.now() + 200);
    const { channel, open } = await socketApp({ subscription: () => ({ until }) });
    const { socket } = open();
    const [code] = await once(socket, 'close');
    expect(code).toBe(1012);
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime() - 1);
    await expect.poll(() => channel.size).toBe(0);
  });

  it('may be nothing', async () => {
    const { channel, open } = await socketApp({ subscription: () => undefined as never });
    const { frames } = open();
    await expect.poll(() => channel.size).toBe(1);
    await channel.publish({ data: 1 });
    await expect.poll(() => frames).toEqual(['1']);
  });

  it('may take longer than its client waits: nothing of that is left', async () => {
    const { subscription, resolve } = laterOptions();
    const { app, open } = await socketApp({ subscription });
    const { socket } = open();
    await once(socket, 'open');
    const [server = expect.fail()] = app.websocketServer.clients;
    socket.terminate();
    await once(server, 'close');
    resolve();
    await turn();
    expect(app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('may choose the channel later', async () => {
    const app = await sseApp();
    const { open } = await socketApp({ channel: async () => app.channel('other') });
    const { frames } = open();
    await expect.poll(() => app.channel('other').size).toBe(1);
    await app.channel('other').publish({ data: 1 });
    await expect.poll(() => frames).toEqual(['1']);
  });
});

describe('a page', () => {
  it('of another site is refused, whatever cookies it brings', async () => {
    const { channel, open } = await socketApp({});
    const { socket } = open({ origin: 'https://evil.example' });
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    expect(channel.size).toBe(0);
  });

  it('of the same site connects, and one of a site that is allowed', async () => {
    const { channel, url, open } = await socketApp({ allowedOrigins: ['https://app.example'] });
    open({ origin: url });
    open({ origin: 'https://app.example' });
    await expect.poll(() => channel.size).toBe(2);
  });

  it.each(['null', 'file://', 'https://app.example.evil', ''])(
    'of %j is refused',
    async (origin) => {
      const { open } = await socketApp({ allowedOrigins: ['https://app.example'] });
      const { socket } = open({ origin });
      const [, response] = await once(socket, 'unexpected-response');
      expect(response.statusCode).toBe(403);
    },
  );
});

it('what was published before the end is delivered', async () => {
  const { channel, open } = await socketApp({});
  const { socket, frames } = open();
  await expect.poll(() => channel.size).toBe(1);
  await channel.publish({ data: 'done' });
  for (const stream of channel.streams) stream.evict();
  await once(socket, 'close');
  expect(frames).toEqual(['done']);
});

it('an ended one counts no more, whether its client answers or not', async () => {
  const { channel, open } = await socketApp({});
  const { socket } = open();
  await expect.poll(() => channel.size).toBe(1);
  socket.pause();
  const told: string[] = [];
  channel.on('unsubscribe', () => told.push('unsubscribe'));
  for (const stream of channel.streams) stream.close();
  expect(channel.size).toBe(0);
  expect(told).toEqual(['unsubscribe']);
  socket.resume();
  await once(socket, 'close');
  expect(told).toEqual(['unsubscribe']);
});
