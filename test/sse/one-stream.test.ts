import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ChannelStream } from '../../plugins/events/stream.ts';
import websocket from '../../plugins/websocket.ts';
import type { Received } from '../support/contiguity.ts';
import { newHub, newStream } from '../support/event-hub.ts';
import { openSSE, openWebSocket } from '../support/event-reader.ts';
import { rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

/** A server whose streams carry the user named in the query, over both transports. */
async function userApp() {
  const app = await sseApp({ retry: 100 });
  const channel = app.channel('news');
  app.get<{ Querystring: { user: string } }>('/events', (request, reply) =>
    reply.sse(channel, { state: request.query.user }),
  );
  await app.register(websocket, {
    path: '/events/ws',
    channel: 'news',
    subscription: ({ url }) => ({ state: new URL(url, 'http://x').searchParams.get('user') }),
  });
  const url = `${await listen(app)}/events`;
  return { app, channel, url };
}

const streamOf = (streams: readonly ChannelStream[], user: string) => {
  const stream = streams.find(({ state }) => state === user);
  if (!stream) throw new Error(`no stream of ${user}`);
  return stream;
};

describe('an event for one stream', () => {
  it('comes after what was published before it, in the same turn too', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    const stream = newStream(hub, channel).setEncoding('utf8');
    await turn();
    stream.read();
    const id = await channel.publish({ data: 'for all' });
    expect(stream.send({ event: 'note', data: 'for you' })).toBe(true);
    const text: string = stream.read();
    expect(text).toBe(`data: for all\nid: ${id}\n\nevent: note\ndata: for you\nid: ${id}\n\n`);
  });

  it('waits for the position of a stream that was just made', async () => {
    const hub = newHub();
    const stream = newStream(hub, hub.channel('news')).setEncoding('utf8');
    stream.send('welcome');
    await turn();
    expect(stream.read()).toMatch(
      /^retry: 1000\nevent: dev-serve:position\ndata: .*\nid: (\S+)\n\ndata: welcome\nid: \1\n\n$/,
    );
  });

  it('has no id of its own on a stream of channels', () => {
    const hub = newHub();
    const stream = newStream(hub, hub.channel('news'));
    expect(() => stream.send({ id: '7', data: 1 })).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }),
    );
  });

  it('reaches the streams that the app picks, over both transports', async () => {
    const { channel, url } = await userApp();
    const received: Record<string, string[]> = { ada: [], bob: [], cleo: [] };
    const onClose = () => {};
    openSSE(`${url}?user=ada`, undefined, {
      onEvent: ({ data }) => received.ada?.push(data),
      onClose,
    });
    openSSE(`${url}?user=bob`, undefined, {
      onEvent: ({ data }) => received.bob?.push(data),
      onClose,
    });
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?user=cleo`, 'dev-serve');
    socket.on('message', (data) => received.cleo?.push(JSON.parse(String(data)).data));
    await expect.poll(() => Object.values(received).map(({ length }) => length)).toEqual([1, 1, 1]);

    const count = channel.send({ event: 'note', data: 'psst' }, ({ state }) => state !== 'bob');
    expect(count).toBe(2);
    await channel.publish({ data: 'for all' });
    // Made for one user each: not to be shared among tabs.
    const position = '{"recovered":true,"private":true}';
    await expect
      .poll(() => received)
      .toEqual({
        ada: [position, 'psst', 'for all'],
        bob: [position, 'for all'],
        cleo: [position, 'psst', 'for all'],
      });
    socket.terminate();
  });

  it('is not sent to one that has ended', async () => {
    const { channel, url } = await userApp();
    const reader = openSSE(`${url}?user=ada`, undefined, { onEvent() {}, onClose() {} });
    await expect.poll(() => channel.size).toBe(1);
    const stream = streamOf(channel.streams, 'ada');
    reader.kill();
    await expect.poll(() => channel.size).toBe(0);
    expect(stream.open).toBe(false);
    expect(stream.send('too late')).toBe(false);
  });
});

describe('E8: a stream that is evicted', () => {
  it('tells its client to stay away for ever, and ends', async () => {
    const { channel, url } = await userApp();
    const response = await fetch(`${url}?user=ada`);
    await expect.poll(() => channel.size).toBe(1);
    streamOf(channel.streams, 'ada').evict();
    expect(await response.text()).toMatch(
      /\nevent: dev-serve:close\ndata: {"reason":"evicted"}\n\nretry: 2147483647\n$/,
    );
    await expect.poll(() => channel.size).toBe(0);
  });

  it.each(['evict', 'close'] as const)('(%s) gets what was published before', async (end) => {
    const { channel, url } = await userApp();
    const response = await fetch(`${url}?user=ada`);
    await expect.poll(() => channel.size).toBe(1);
    await channel.publish({ data: 'done' });
    streamOf(channel.streams, 'ada')[end]();
    expect(await response.text()).toContain('data: done\n');
  });

  it.each([
    ['SSE', ['GET /events HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close']],
    ['SSE that is piped', ['GET /events HTTP/1.0', 'Host: 127.0.0.1']],
    ['WebSocket', handshake('/events/ws', 'Host: 127.0.0.1', 'Sec-WebSocket-Protocol: dev-serve')],
  ])('over %s gets what was published before, be it more than one write', async (_, request) => {
    const { channel, url } = await userApp();
    const first = await channel.publish({ data: 0 });
    for (let n = 1; n <= 600; n += 1) await channel.publish({ data: `${n} ${'x'.repeat(400)}` });
    const client = rawClient(Number(new URL(url).port));
    channel.on('subscribe', ({ stream }) => stream?.evict());
    client.send(...request, `Last-Event-ID: ${first}`);
    const text = await client.closed;
    const numbers = [...text.matchAll(/\b(\d+) xxx/g)].map(([, n]) => Number(n));
    expect(numbers).toEqual(Array.from({ length: 600 }, (_each, n) => n + 1));
    expect(text).toContain('evicted');
  });

  it('by the end of the server gets what was published before', async () => {
    const { app, channel, url } = await userApp();
    const response = await fetch(`${url}?user=ada`);
    await expect.poll(() => channel.size).toBe(1);
    await channel.publish({ data: 'done' });
    await app.close();
    expect(await response.text()).toContain('data: done\n');
  });

  it('over WebSocket is closed with a code of its own', async () => {
    const { channel, url } = await userApp();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?user=ada`, 'dev-serve');
    await expect.poll(() => channel.size).toBe(1);
    const closed = once(socket, 'close');
    streamOf(channel.streams, 'ada').evict();
    expect((await closed)[0]).toBe(4000);
  });

  it('that is only closed has its client come back where it was', async () => {
    const { channel, url } = await userApp();
    const source = new (await import('eventsource')).EventSource(`${url}?user=ada`);
    const received: string[] = [];
    source.onmessage = ({ data }) => received.push(data);
    await expect.poll(() => channel.size).toBe(1);
    streamOf(channel.streams, 'ada').close();
    await channel.publish({ data: 'meanwhile' });
    await expect.poll(() => received).toEqual(['meanwhile']);
    source.close();
  });
});

describe('observers', () => {
  it('hear who comes, goes, publishes and loses', async () => {
    const { channel, url } = await userApp();
    const heard: string[] = [];
    for (const name of ['subscribe', 'unsubscribe', 'lost'] as const) {
      channel.on(name, ({ stream }) => heard.push(`${name} ${stream?.state}`));
    }
    channel.on('publish', ({ id, event }) => heard.push(`publish ${event} ${id.split('-')[1]}`));
    const reader = openSSE(`${url}?user=ada`, 'unknown', { onEvent() {}, onClose() {} });
    await expect.poll(() => heard).toEqual(['subscribe ada', 'lost ada']);
    await channel.publish({ event: 'tick', data: 1 });
    reader.kill();
    await expect.poll(() => heard.slice(2)).toEqual(['publish tick 1', 'unsubscribe ada']);
  });

  it.each([
    ['SSE', openSSE],
    ['WebSocket', openWebSocket],
  ])('may send to who comes, over %s, behind its position', async (_transport, open) => {
    const { channel, url } = await userApp();
    channel.on('subscribe', ({ stream }) => stream?.send({ event: 'welcome', data: 'hi' }));
    const received: string[] = [];
    const onEvent = ({ id, event }: Received) => received.push(`${event} ${id.split('-')[1]}`);
    const reader = open(url, undefined, { onEvent, onClose() {} });
    await expect.poll(() => received).toEqual(['dev-serve:position 0', 'welcome 0']);
    reader.kill();
  });

  it.each([
    ['SSE', openSSE],
    ['WebSocket', openWebSocket],
  ])('may send away who comes, over %s', async (_transport, open) => {
    const { app, channel, url } = await userApp();
    const heard: string[] = [];
    channel.on('subscribe', ({ stream }) => stream?.close());
    channel.on('unsubscribe', () => heard.push('unsubscribe'));
    open(url, undefined, { onEvent() {}, onClose: () => heard.push('closed') });
    await expect.poll(() => heard.toSorted()).toEqual(['closed', 'unsubscribe']);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('hear no more after they have left', async () => {
    const { channel } = await userApp();
    const heard: string[] = [];
    const listener = ({ id }: { id: string }) => heard.push(id);
    channel.on('publish', listener).off('publish', listener);
    await channel.publish({ data: 1 });
    expect(heard).toEqual([]);
  });

  it('of a channel that nobody holds are kept', async () => {
    const hub = newHub();
    const heard: string[] = [];
    hub.channel('news').on('publish', ({ channel }) => heard.push(channel));
    await hub.channel('news').publish({ data: 1 });
    expect(heard).toEqual(['news']);
  });

  it('hear through node:diagnostics_channel too, of every channel', async () => {
    const { subscribe, unsubscribe } = await import('node:diagnostics_channel');
    const heard: unknown[] = [];
    const listener = (message: unknown) => heard.push(message);
    subscribe('dev-serve:publish', listener);
    const id = await newHub().channel('news').publish({ data: 1 });
    unsubscribe('dev-serve:publish', listener);
    expect(heard).toEqual([{ channel: 'news', id, event: 'message' }]);
  });

  it('hear of the end of the server', async () => {
    const { app, channel } = await userApp();
    const heard: unknown[] = [];
    channel.on('close', (observation) => heard.push(observation));
    await app.close();
    expect(heard).toEqual([{ channel: 'news' }]);
  });
});

it('a slow WebSocket client is read from the log, like any other', async () => {
  const { channel, url } = await userApp();
  let last = '';
  const reader = openWebSocket(url, undefined, {
    onEvent: ({ data }) => {
      last = data;
    },
    onClose() {},
  });
  await expect.poll(() => channel.size).toBe(1);
  reader.pause();
  for (let n = 1; n <= 300; n += 1) await channel.publish({ data: `${n} ${'x'.repeat(10_000)}` });
  reader.resume();
  await expect.poll(() => last.split(' ')[0]).toBe('300');
  reader.kill();
});
