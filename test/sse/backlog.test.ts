import type { FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ChannelStream, StreamOptions } from '../../plugins/sse.ts';
import websocket from '../../plugins/websocket.ts';
import { visit } from '../support/event-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const MEBIBYTE = 1024 * 1024;
const SIZE = 60_000;

/** A snapshot that never ends: what is sent behind it waits, and no socket takes anything of it. */
const withoutEnd: StreamOptions = {
  snapshot: async function* () {
    yield { data: 'state' };
    await new Promise(() => {});
  },
};

/** Sends as long as that is accepted; returns how many bytes were, but no more than 64 MiB. */
function fill(stream: ChannelStream): number {
  let bytes = 0;
  while (bytes < 64 * MEBIBYTE && stream.send('x'.repeat(SIZE))) bytes += SIZE;
  return bytes;
}

/** The largest event is left out, and the one that is too much is told by the next. */
function expectLimit(bytes: number): void {
  expect(bytes).toBeGreaterThan(MEBIBYTE);
  expect(bytes).toBeLessThan(1.5 * MEBIBYTE);
}

describe('N6: what waits for one client alone is 1 MiB', () => {
  it.each<[string, (reply: FastifyReply) => ChannelStream]>([
    ['in a stream fed by hand', (reply) => reply.sse()],
    ['behind a channel', (reply) => reply.sse(reply.server.channel('news'))],
    ['behind a snapshot', (reply) => reply.sse(reply.server.channel('news'), withoutEnd)],
  ])('%s, sent before the answer', async (_where, open) => {
    const app = await sseApp();
    let bytes = 0;
    app.get('/', (_request, reply) => {
      const stream = open(reply);
      bytes = fill(stream);
      return stream;
    });
    const client = visit(await listen(app));
    await expect.poll(() => client.closed).toBe(true);
    expectLimit(bytes);
    expect(app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
  });

  it('behind the snapshot of a WebSocket', async () => {
    const app = await sseApp();
    await app.register(websocket, {
      path: '/news',
      channel: 'news',
      subscription: () => withoutEnd,
    });
    const url = await listen(app);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/news`);
    const frames: string[] = [];
    socket.on('message', (data) => frames.push(String(data)));
    await expect.poll(() => frames).toEqual(['state']);
    const [stream = expect.fail()] = app.channel('news').streams;
    expectLimit(fill(stream));
    await expect.poll(() => socket.readyState).toBe(WebSocket.CLOSED);
    expect(app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
  });
});
