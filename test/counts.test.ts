import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { directResponses } from '../plugins/events/direct-response.ts';
import { encodeChunk, encodeSlice } from '../plugins/events/encode.ts';
import type { Frame } from '../plugins/events/message.ts';
import { memoryStore } from '../plugins/events/stores/memory.ts';
import websocket from '../plugins/websocket.ts';
import { newChannel, newHub, recordingSink } from './support/event-hub.ts';
import { listen, sseApp } from './support/sse-app.ts';

const PROGRAM = fileURLToPath(new URL('./support/counted-server.js', import.meta.url));
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;

/** Clients that take everything and look at none of it. */
async function openMany(port: number, count: number, path = '/events'): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').resume());
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) socket.on('error', () => {}).write(get(path));
  return sockets;
}

/** An app with so many open streams, and the responses they answer. */
async function streams(count: number, names = ['news'], filter?: () => boolean) {
  const app = await sseApp();
  const responses: ServerResponse[] = [];
  const channels = names.map((name) => app.channel(name));
  app.get('/events', (_request, reply) => {
    responses.push(reply.raw);
    return reply.sse(channels, { filter });
  });
  await openMany(Number(new URL(await listen(app)).port), count);
  await isOpen(app, count);
  return { app, channel: app.channel('news'), responses };
}

const isOpen = async (app: FastifyInstance, count: number) => {
  await expect.poll(() => app.channel('news').size).toBe(count);
  // Behind the head and the position, which every one of them is written.
  for (let turns = 0; turns < 5; turns += 1) await turn();
};

/** What is handed to the system by each socket in one call, from now on. */
function spyOnWrites(sockets: readonly Socket[], onWrite = () => {}) {
  const written = new Map<Socket, number>();
  const chunks: unknown[] = [];
  for (const socket of sockets) {
    written.set(socket, 0);
    const count = () => {
      written.set(socket, (written.get(socket) ?? 0) + 1);
      onWrite();
    };
    const { _write, _writev } = socket;
    vi.spyOn(socket, '_write').mockImplementation((chunk, ...rest) => {
      chunks.push(chunk);
      count();
      Reflect.apply(_write, socket, [chunk, ...rest]);
    });
    vi.spyOn(socket, '_writev').mockImplementation((all, ...rest) => {
      chunks.push(...all.map(({ chunk }) => chunk));
      count();
      if (_writev) Reflect.apply(_writev, socket, [all, ...rest]);
    });
  }
  return { chunks, counts: () => [...new Set(written.values())] };
}

const socketOf = ({ socket }: ServerResponse): Socket => socket ?? expect.fail('no socket');

describe.runIf(directResponses.enabled)('a stream that writes to its socket itself', () => {
  it.each([1, 8])('is written once for %i events of a turn, the same bytes to all', async (n) => {
    const { channel, responses } = await streams(50);
    const { chunks, counts } = spyOnWrites(responses.map(socketOf));
    for (let event = 0; event < n; event += 1) void channel.publish({ data: event });
    await expect.poll(counts).toEqual([1]);
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(counts()).toEqual([1]);
    expect(chunks).toHaveLength(50);
    expect(new Set(chunks).size).toBe(1);
  });

  it('has each event framed once, however many others get it', async () => {
    const { channel, responses } = await streams(50);
    const { counts } = spyOnWrites(responses.map(socketOf));
    const write = vi.spyOn(Buffer.prototype, 'write');
    for (const data of ['first of two', 'second of two']) void channel.publish({ data });
    await expect.poll(counts).toEqual([1]);
    const framed = write.mock.calls
      .map(([text]) => String(text))
      .filter((text) => /of two/.test(text));
    write.mockRestore();
    expect(framed.map((text) => /\w+ of two/.exec(text)?.[0])).toEqual([
      'first of two',
      'second of two',
    ]);
  });

  it('is written to when all has been done for each of the others', async () => {
    const order: string[] = [];
    const { channel, responses } = await streams(50, ['news'], () => order.push('event') > 0);
    const { counts } = spyOnWrites(responses.map(socketOf), () => order.push('write'));
    void channel.publish({ data: 'x' });
    await expect.poll(counts).toEqual([1]);
    expect(order.join(' ')).toBe(`${'event '.repeat(50)}${'write '.repeat(50)}`.trim());
  });

  it('is written once for events of two channels in a turn, the same bytes to all', async () => {
    const { app, channel, responses } = await streams(20, ['news', 'weather']);
    const { chunks, counts } = spyOnWrites(responses.map(socketOf));
    for (const one of [channel, app.channel('weather'), channel]) void one.publish({ data: 'x' });
    await expect.poll(counts).toEqual([1]);
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(counts()).toEqual([1]);
    expect(new Set(chunks).size).toBe(1);
  });

  it('has two listeners on its response, and none on its request and its socket', async () => {
    const { responses } = await streams(2);
    const [response = expect.fail()] = responses;
    const count = (emitter: EventEmitter) =>
      emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
    const bare = await bareListeners();
    expect(count(response) - bare.response).toBeLessThanOrEqual(2);
    expect(count(response.req) - bare.request).toBe(0);
    expect(count(socketOf(response)) - bare.socket).toBe(0);
  });
});

/** Those that a response of Fastify has by itself, while its handler waits. */
async function bareListeners() {
  const app = await sseApp();
  const counted = new EventEmitter();
  const count = (emitter: EventEmitter) =>
    emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
  app.get('/events', (_request, reply) => {
    const { raw } = reply.hijack();
    setImmediate(() => {
      const [response, request, socket] = [raw, raw.req, socketOf(raw)].map(count);
      counted.emit('counted', { response, request, socket });
    });
  });
  const result = once(counted, 'counted');
  await openMany(Number(new URL(await listen(app)).port), 1);
  const [counts] = await result;
  return counts;
}

describe('a WebSocket', () => {
  it.each([1, 8])('is written once for %i events of a turn, the same bytes to all', async (n) => {
    const app = await sseApp();
    const sockets: Socket[] = [];
    app.addHook('onRequest', async ({ raw }) => void sockets.push(raw.socket));
    await app.register(websocket, { path: '/events', channel: 'news' });
    const url = (await listen(app)).replace('http', 'ws');
    const clients = Array.from({ length: 20 }, () => new WebSocket(`${url}/events`, 'dev-serve'));
    onTestFinished(() => {
      for (const client of clients) client.terminate();
    });
    await isOpen(app, clients.length);
    const { chunks, counts } = spyOnWrites(sockets);
    for (let event = 0; event < n; event += 1) void app.channel('news').publish({ data: event });
    await expect.poll(counts).toEqual([1]);
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(counts()).toEqual([1]);
    if (directResponses.enabled) expect(new Set(chunks).size).toBe(1);
  });
});

it('a log is read a few times for readers that come back all over it', async () => {
  const store = memoryStore({ limit: 4000 });
  const read = vi.spyOn(store, 'read');
  const channel = newHub({ store }).channel('news');
  const ids = await Promise.all(
    Array.from({ length: 4000 }, (_, n) => channel.publish({ data: n })),
  );
  const places = Array.from({ length: 300 }, (_, n) => (n * 997) % 3600);
  const sinks = places.map((place) => {
    const sink = recordingSink();
    channel.subscribe(sink, { lastEventId: ids[place] });
    return sink;
  });
  await expect
    .poll(() => sinks.filter(({ written }) => written.at(-1)?.id !== ids.at(-1)))
    .toEqual([]);
  // Their positions, and everything behind them.
  expect(sinks.map(({ written }) => written.length)).toEqual(places.map((place) => 4000 - place));
  // Four pages, and some that overlap with them: each reader's own would be a thousand.
  expect(read.mock.calls.length).toBeLessThanOrEqual(20);
});

it('an event is framed once for a thousand readers', async () => {
  const channel = newChannel();
  const bytes = new Set<Buffer>();
  let writes = 0;
  const sink = {
    write(slice: readonly Frame[]) {
      bytes.add(encodeChunk(encodeSlice(slice)));
      writes += 1;
      return true;
    },
    close() {},
  };
  for (let n = 0; n < 1000; n += 1) channel.subscribe(sink);
  await turn();
  await turn();
  bytes.clear();
  writes = 0;
  await channel.publish({ data: 'news' });
  await expect.poll(() => writes).toBe(1000);
  expect(bytes.size).toBe(1);
});

interface Figures {
  readonly bytes: number;
  readonly timers: number;
  /** Those of Fastify that are kept. */
  readonly requests: number;
  readonly replies: number;
}

/** A server in a process of its own, and what it tells of itself. */
async function countedServer() {
  const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [origin] = await once(child.stdout.setEncoding('utf8'), 'data');
  const ask = async (path: string) => (await fetch(new URL(path, origin.trim()))).json();
  const port = Number(new URL(origin).port);
  let sum = 0;
  /** Opens so many more responses, and tells how it is then. */
  return async (path: string, count: number): Promise<Figures> => {
    await openMany(port, count, path);
    sum += count;
    await expect.poll(() => ask('/open'), { timeout: 50_000 }).toBe(sum);
    return ask('/figures');
  };
}

it.runIf(directResponses.enabled)(
  'an idle stream costs hardly more memory than a bare response, no timer, and keeps no request',
  async () => {
    const open = await countedServer();
    // What is made once for all has been made by then.
    await open('/bare', 300);
    const before = await open('/events', 300);
    const bare = await open('/bare', 1000);
    const after = await open('/events', 1000);
    const bytes = (after.bytes - bare.bytes - (bare.bytes - before.bytes)) / 1000;
    expect(bytes).toBeLessThan(1600);
    // Those of the connections that asked for these figures are among them.
    expect(after.timers - bare.timers).toBeLessThan(20);
    expect(after.requests - bare.requests).toBeLessThan(20);
    expect(after.replies - bare.replies).toBeLessThan(20);
  },
);
