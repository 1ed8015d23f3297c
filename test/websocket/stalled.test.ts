import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import { describe, expect, it, onTestFinished } from 'vitest';
import websocket from '../../plugins/websocket.ts';
import { rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const COMPRESSED = 'permessage-deflate; server_no_context_takeover';
const SIZE = 24 * 1024 * 1024;

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
    const { app, channel, client } = await stopped(extensions, 2000);
    await channel.publish({ data: noise(SIZE) });
    let [reads, most] = [0, 0];
    client.socket.on('data', () => client.received.length > most && client.socket.pause());
    const timer = setInterval(() => {
      reads += 1;
      most = client.received.length + 512 * 1024;
      client.socket.resume();
    }, 100);
    onTestFinished(() => clearInterval(timer));
    const slow = { timeout: 50_000, interval: 50 };
    // Compressed, what three quarters of the bits are used of.
    await expect.poll(() => client.received.length, slow).toBeGreaterThan(0.75 * SIZE);
    expect(reads).toBeGreaterThan(10);
    expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
  });
});
