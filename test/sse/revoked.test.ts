import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../plugins/sse.ts';
import websocket from '../../plugins/websocket.ts';
import { rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

/** More than the system keeps for a connection. */
const EVENTS = 600;
const EVENT = 'x'.repeat(24 * 1024);

const transports = [
  ['SSE', () => ['GET / HTTP/1.1', 'Host: 127.0.0.1']],
  ['SSE that is piped', () => ['GET / HTTP/1.0', 'Host: 127.0.0.1']],
  ['WebSocket', () => handshake('/ws', 'Host: 127.0.0.1')],
] as const;

/** A stream whose client takes nothing, with far more published. */
async function stalled(request: readonly string[], until?: Date) {
  const app = await sseApp();
  const channel = app.channel('news');
  app.get('/', (_request, reply) => reply.sse(channel, { until }));
  await app.register(websocket, { path: '/ws', channel: 'news', subscription: () => ({ until }) });
  const connected: Promise<Socket[]> = once(app.server, 'connection');
  const client = rawClient(Number(new URL(await listen(app)).port));
  client.send(...request);
  const [socket = expect.fail()] = await connected;
  await expect.poll(() => channel.size).toBe(1);
  client.socket.pause();
  await fill(channel);
  return { app, channel, socket };
}

async function fill(channel: Channel): Promise<void> {
  for (let n = 0; n < EVENTS; n += 1) {
    await channel.publish({ data: EVENT });
    if (n % 10 === 0) await new Promise(setImmediate);
  }
}

describe.each(transports)('E8: a client that takes nothing over %s', (_name, request) => {
  // A busy machine may take longer for anything.
  it('is broken off within a second of its eviction', { retry: 3 }, async () => {
    const { app, channel, socket } = await stalled(request());
    const closed = once(socket, 'close');
    const start = performance.now();
    for (const stream of channel.streams) stream.evict();
    await closed;
    expect(performance.now() - start).toBeLessThan(1000);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 0 });
  });

  it('is broken off within a second of when it may not read any more', { retry: 3 }, async () => {
    const until = new Date(Date.now() + 2000);
    const { socket } = await stalled(request(), until);
    const start = Math.max(until.getTime(), Date.now());
    if (!socket.destroyed) await once(socket, 'close');
    expect(Date.now() - start).toBeLessThan(1000);
  });
});

describe('E8: a stream that may not be read before its handler has returned it', () => {
  it.each([
    ['is evicted', undefined, 'event: dev-serve:close'],
    ['is too late', new Date(0), 'retry: '],
  ])('and that %s is answered, and ends in good order', async (_how, until, last) => {
    const app = await sseApp();
    app.get('/', async (_request, reply) => {
      const stream = reply.sse(app.channel('news'), { until });
      if (!until) stream.evict();
      // Longer than what such a client has for the rest.
      await new Promise((resolve) => setTimeout(resolve, 800));
      return stream;
    });
    const response = await fetch(await listen(app));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(last);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 0 });
  });
});
