import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import websocket from '../../plugins/websocket.ts';
import { takeLittleByLittle } from '../support/little-by-little.ts';
import { rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const COMPRESSED = 'permessage-deflate; server_no_context_takeover';
const SIZE = 16 * 1024 * 1024;

/** A WebSocket without a library, which answers nothing, and takes nothing any more. */
async function stopped(extensions: string, stallTimeout: number) {
  const app = await sseApp({ stallTimeout });
  if (extensions) await app.register(fastifyWebsocket, { options: { perMessageDeflate: true } });
  await app.register(websocket, { path: '/news', channel: 'news' });
  const channel = app.channel('news');
  const port = Number(new URL(await listen(app)).port);
  const connected: Promise<Socket[]> = once(app.server, 'connection');
  const client = rawClient(port);
  const asked = extensions ? [`Sec-WebSocket-Extensions: ${extensions}`] : [];
  client.send(...handshake('/news', 'Host: 127.0.0.1', ...asked));
  const [socket = expect.fail()] = await connected;
  await expect.poll(() => channel.size).toBe(1);
  await expect.poll(() => client.received).toContain('101');
  expect(client.received.includes('permessage-deflate')).toBe(extensions !== '');
  client.socket.pause();
  return { app, channel, client, socket };
}

/** Text of so many characters that no compression makes much smaller. */
const noise = (size: number) => randomBytes((size / 4) * 3).toString('base64');

describe.each(['', COMPRESSED])('a WebSocket with the extensions "%s"', (extensions) => {
  it('whose client takes nothing of the few bytes that wait for it is broken off', async () => {
    const { app, channel, socket } = await stopped(extensions, 500);
    while (socket.writableLength === 0) {
      await channel.publish({ data: noise(4000) });
      await new Promise(setImmediate);
    }
    expect(socket.writableLength).toBeLessThan(64 * 1024);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
    expect(socket.destroyed).toBe(true);
  });

  it('whose client takes a large event little by little is left alone', async () => {
    const { app, channel, client } = await stopped(extensions, 1000);
    await channel.publish({ data: noise(SIZE) });
    const received = takeLittleByLittle(client.socket);
    const slow = { timeout: 50_000, interval: 50 };
    // Compressed, what three quarters of the bits are used of.
    await expect.poll(received, slow).toBeGreaterThan(0.75 * SIZE);
    expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
  });
});

describe('a WebSocket that leaves pings unanswered', () => {
  /** Bytes that the kernel takes at once, as it does for a client that takes none of them. */
  const AHEAD = 200_000;

  it.each([
    ['with nothing in front of them is broken off at the second', 0, 2],
    ['behind what it has to take first is left as long as stallTimeout', AHEAD, 5],
  ])('%s', async (_name, size, beats) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { app, channel, socket } = await stopped('', 4 * 15_000);
    if (size > 0) await channel.publish({ data: noise(size) });
    for (let beat = 1; beat < beats; beat += 1) {
      vi.advanceTimersByTime(15_000);
      await new Promise(setImmediate);
      expect(socket.writableLength).toBe(0);
      expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
    }
    vi.advanceTimersByTime(15_000);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
  });
});
