import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { EventStream, SSEOptions } from '../../plugins/sse.ts';
import { expectedWay, wayOf } from '../support/direct.ts';
import { rawClient } from '../support/raw-client.ts';
import { listen, sseApp } from '../support/sse-app.ts';

/** More than a kernel keeps for a connection. */
const KEPT = 12 * 1024 * 1024;
const LARGE = 24 * 1024;
/** Such are put aside until the end of their turn. */
const SMALL = 1000;
const EVENT = 'x'.repeat(LARGE);
const EVENTS = KEPT / LARGE;

/** A stream whose client takes nothing any more, with far more published, or until it `isEnough`. */
async function stalled(
  options: SSEOptions = {},
  size = LARGE,
  isEnough = (_socket: Socket): boolean => false,
) {
  const app = await sseApp(options);
  const channel = app.channel('news');
  const made: EventStream[] = [];
  const responses: ServerResponse[] = [];
  app.get('/', (_request, reply) => {
    const stream = reply.sse(channel);
    made.push(stream);
    responses.push(reply.raw);
    return stream;
  });
  const client = rawClient(Number(new URL(await listen(app)).port));
  client.send('GET / HTTP/1.1', 'Host: 127.0.0.1');
  await expect.poll(() => client.received).toContain('position');
  client.socket.pause();
  const [stream = expect.fail()] = made;
  const socket = responses[0]?.socket ?? expect.fail('no socket');
  expect(wayOf(stream)).toBe(expectedWay('direct'));
  let waiting = 0;
  const data = 'x'.repeat(size);
  for (let n = 1; n <= KEPT / size && !isEnough(socket); n += 1) {
    await channel.publish({ data: `${n} ${data}` });
    if (size === SMALL || n % 10 === 0) await new Promise(setImmediate);
    waiting = Math.max(waiting, socket.writableLength + stream.readableLength);
  }
  return { app, channel, client, stream, socket, waiting: () => waiting };
}

describe('a client that takes nothing', () => {
  it.each([LARGE, SMALL])(
    'costs at most 128 KiB of %i bytes each, and is ended in time by app.close()',
    async (size) => {
      const { app, client, socket, waiting } = await stalled({}, size);
      expect(waiting()).toBeGreaterThan(0);
      expect(waiting()).toBeLessThanOrEqual(128 * 1024);
      const started = performance.now();
      await app.close();
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(socket.destroyed).toBe(true);
      client.socket.resume();
      await client.closed;
      expect(client.received).not.toMatch(/\r\n0\r\n\r\n$/);
    },
  );

  it('goes on where it was, without a hole, once it takes something', async () => {
    const { client, channel } = await stalled();
    client.socket.resume();
    await expect.poll(() => client.received.slice(-200)).toContain(`id: ${channel.lastEventId}\n`);
    const numbers = [...client.received.matchAll(/\ndata: (\d+) x/g)].map(([, n]) => Number(n));
    expect(numbers).toEqual(Array.from({ length: EVENTS }, (_, index) => index + 1));
    expect(client.received).not.toContain('"recovered":false');
  });

  it.each([LARGE, SMALL])('of %i bytes each is broken off after a while', async (size) => {
    const { app, channel, socket } = await stalled({ stallTimeout: 200 }, size);
    await expect.poll(() => channel.size).toBe(0);
    expect(socket.destroyed).toBe(true);
    expect(app.sse.stats()).toMatchObject({ stalled: 1, streams: 0 });
  });
});

it.each([
  ['filled its buffer', LARGE, (socket: Socket) => socket.writableNeedDrain],
  ['filled its buffer', SMALL, (socket: Socket) => socket.writableNeedDrain],
  ['not gone', SMALL, (socket: Socket) => socket.writableLength > 0],
])(
  'a client that takes nothing is broken off, though what has %s, %i bytes at a time, is the last',
  async (_what, size, isEnough) => {
    const { app, channel, socket } = await stalled({ stallTimeout: 200 }, size, isEnough);
    expect(socket.writableLength).toBeGreaterThan(0);
    expect(socket.writableLength).toBeLessThan(128 * 1024);
    await expect.poll(() => channel.size).toBe(0);
    expect(socket.destroyed).toBe(true);
    expect(app.sse.stats()).toMatchObject({ stalled: 1, streams: 0 });
  },
);

it('a client that takes nothing of what is sent to it alone is broken off at a mebibyte', async () => {
  const app = await sseApp();
  const made: EventStream[] = [];
  app.get('/', (_request, reply) => {
    const stream = reply.sse();
    made.push(stream);
    return stream;
  });
  const client = rawClient(Number(new URL(await listen(app)).port));
  client.send('GET / HTTP/1.1', 'Host: 127.0.0.1');
  await expect.poll(() => client.received).toContain('retry');
  const [stream = expect.fail()] = made;
  expect(wayOf(stream)).toBe(expectedWay('direct'));
  client.socket.pause();
  for (let n = 0; n < 1000 && stream.open; n += 1) {
    stream.send(EVENT);
    if (n % 10 === 0) await new Promise(setImmediate);
  }
  expect(stream.open).toBe(false);
  client.socket.resume();
  await client.closed;
  expect(client.received).not.toMatch(/\r\n0\r\n\r\n$/);
  await expect.poll(() => app.sse.stats()).toMatchObject({ stalled: 1, streams: 0 });
});
