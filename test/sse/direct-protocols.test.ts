import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import sse, { type EventStream } from '../../plugins/sse.ts';
import { certificate } from '../support/certificate.ts';
import { expectedWay, type Way, wayOf } from '../support/direct.ts';
import { visit } from '../support/event-request.ts';
import { fastifyKinds } from '../support/fastify-kinds.ts';
import { parseAnswer, rawClient } from '../support/raw-client.ts';
import { listen } from '../support/sse-app.ts';

const GET = ['GET / HTTP/1.1', 'Host: 127.0.0.1'];
const ENDED = '0\r\n\r\n';

/** An app whose route answers each request with a stream of a channel. */
async function serve(app: FastifyInstance) {
  const streams: EventStream[] = [];
  const onResponse = vi.fn();
  app.addHook('onResponse', async () => onResponse());
  await app.register(sse);
  const channel = app.channel('news');
  app.get('/', (_request, reply) => {
    const stream = reply.sse(channel);
    streams.push(stream);
    return stream;
  });
  const origin = await listen(app);
  const stream = (nth: number) => streams[nth] ?? expect.fail(`no stream number ${nth}`);
  return { channel, origin, port: Number(new URL(origin).port), streams, stream, onResponse };
}

const newApp = (options = {}): FastifyInstance => {
  const app = Fastify(options);
  onTestFinished(() => app.close());
  return app;
};

const dataOf = (text: string) => [...text.matchAll(/^data: (\d+)\r?$/gm)].map(([, n]) => Number(n));
const isOver1 = (name: string) => name.startsWith('HTTP/1.1') || name === 'HTTPS';

describe.each(fastifyKinds)('a stream over $name', ({ name, create, visit: visitIt }) => {
  const way: Way = isOver1(name) ? 'direct' : 'piped';

  it(`is ${way}, and its client gets the events in order and the end`, async () => {
    const { channel, origin, stream } = await serve(create());
    const answer = visitIt(origin);
    await expect.poll(() => answer.text).toContain('position');
    expect(wayOf(stream(0))).toBe(expectedWay(way));
    for (let n = 1; n <= 4; n += 1) await channel.publish({ data: n });
    await expect.poll(() => dataOf(answer.text)).toEqual([1, 2, 3, 4]);
    for (let n = 5; n <= 8; n += 1) void channel.publish({ data: n });
    await expect.poll(() => dataOf(answer.text)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    stream(0).close();
    await expect.poll(() => answer.ended).toBe(true);
    await expect.poll(() => channel.size).toBe(0);
  });
});

describe.each([
  { name: 'a socket', options: {}, tls: false },
  { name: 'a socket with TLS', options: { https: certificate }, tls: true },
])('$name', ({ options, tls }) => {
  it('is used again after a stream that was direct, by another one', async () => {
    const { channel, port, stream, onResponse } = await serve(newApp(options));
    const client = rawClient(port, { tls });
    for (const nth of [0, 1]) {
      client.send(...GET);
      await expect.poll(() => channel.size).toBe(1);
      expect(wayOf(stream(nth))).toBe(expectedWay('direct'));
      await channel.publish({ data: nth });
      stream(nth).close();
      await expect.poll(() => client.received.split(ENDED).length).toBe(nth + 2);
      await expect.poll(() => channel.size).toBe(0);
    }
    const [first = '', second = ''] = client.received.split(ENDED);
    expect([dataOf(first), dataOf(second)]).toEqual([[0], [1]]);
    expect(parseAnswer(second)).toMatchObject({ status: 200 });
    expect(client.isClosed).toBe(false);
    await expect.poll(() => onResponse.mock.calls.length).toBe(2);
  });
});

describe('over HTTP/1.1', () => {
  it('a request behind a stream that is direct waits, is piped, and goes on with its end', async () => {
    const { channel, port, stream, streams } = await serve(newApp());
    const client = rawClient(port);
    client.send([...GET, '', ...GET].join('\r\n'));
    await expect.poll(() => channel.size).toBe(2);
    await channel.publish({ data: 1 });
    await expect.poll(() => dataOf(client.received)).toEqual([1]);
    expect(streams.map(wayOf)).toEqual([expectedWay('direct'), 'piped']);
    stream(0).close();
    await expect.poll(() => dataOf(client.received)).toEqual([1, 1]);
    await channel.publish({ data: 2 });
    await expect.poll(() => dataOf(client.received)).toEqual([1, 1, 2]);
    stream(1).close();
    await expect.poll(() => client.received.split(ENDED).length).toBe(3);
    const [first = '', second = ''] = client.received.split(ENDED);
    expect([dataOf(first), dataOf(second)]).toEqual([[1], [1, 2]]);
    expect(client.isClosed).toBe(false);
  });

  it('one that is sent while a stream is direct goes on with its end as well', async () => {
    const { channel, port, stream } = await serve(newApp());
    const client = rawClient(port);
    client.send(...GET);
    await expect.poll(() => channel.size).toBe(1);
    client.send('GET /missing HTTP/1.1', 'Host: 127.0.0.1');
    await channel.publish({ data: 1 });
    await expect.poll(() => dataOf(client.received)).toEqual([1]);
    expect(client.received).not.toContain('404');
    stream(0).close();
    await expect.poll(() => client.received).toContain(' 404 ');
    expect(client.received.indexOf(ENDED)).toBeLessThan(client.received.indexOf(' 404 '));
  });

  it('a client that asks to close is sent a stream that is direct, and closed', async () => {
    const { channel, port, stream } = await serve(newApp());
    const client = rawClient(port);
    client.send(...GET, 'Connection: close');
    await expect.poll(() => channel.size).toBe(1);
    expect(wayOf(stream(0))).toBe(expectedWay('direct'));
    await channel.publish({ data: 1 });
    stream(0).close();
    const text = await client.closed;
    expect(text).toMatch(/\r\nConnection: close\r\n/);
    expect(text).toMatch(/data: 1\nid: \S+\n\n\r\n0\r\n\r\n$/);
  });

  it('each event is a chunk, and neighbours of one turn are one', async () => {
    const { channel, port, stream } = await serve(newApp());
    const client = rawClient(port);
    client.send(...GET);
    await expect.poll(() => client.received).toContain('position');
    const start = client.received.length;
    void channel.publish({ data: 1 });
    const second = await channel.publish({ data: 2 });
    const first = second.replace(/2$/, '1');
    await expect.poll(() => client.received).toContain(second);
    stream(0).close();
    await expect.poll(() => client.received).toContain(ENDED);
    const body = `data: 1\nid: ${first}\n\ndata: 2\nid: ${second}\n\n`;
    expect(client.received.slice(start)).toBe(`${body.length.toString(16)}\r\n${body}\r\n${ENDED}`);
  });
});

it('over HTTP/1.0 a stream is piped without chunks, and ends with the connection', async () => {
  const { channel, port, stream } = await serve(newApp());
  const client = rawClient(port);
  client.send('GET / HTTP/1.0');
  await expect.poll(() => client.received).toContain('position');
  expect(wayOf(stream(0))).toBe('piped');
  await channel.publish({ data: 1 });
  stream(0).close();
  const { status, head, body } = parseAnswer(await client.closed);
  expect(status).toBe(200);
  expect(head).not.toMatch(/transfer-encoding/i);
  expect(body).toMatch(/^retry: 1000\nevent: .*\ndata: .*\nid: \S+\n\ndata: 1\nid: \S+\n\n$/);
});

it('HEAD is answered with a head alone, and the socket is used again', async () => {
  const { channel, port, streams, stream } = await serve(newApp());
  const client = rawClient(port);
  client.send('HEAD / HTTP/1.1', 'Host: 127.0.0.1');
  await expect.poll(() => client.received).toContain('\r\n\r\n');
  expect(parseAnswer(client.received)).toMatchObject({ status: 200, body: '' });
  expect(channel.size).toBe(0);
  client.send(...GET);
  await expect.poll(() => client.received).toContain('position');
  expect(streams).toHaveLength(2);
  expect(wayOf(stream(1))).toBe(expectedWay('direct'));
});

describe('inject()', () => {
  it('is given the whole of a stream that is piped', async () => {
    const app = newApp();
    const { channel, stream } = await serve(app);
    const answer = app.inject('/').then(({ body }) => body);
    await expect.poll(() => channel.size).toBe(1);
    await channel.publish({ data: 1 });
    await expect.poll(() => app.sse.stats().deliveries).toBe(1);
    expect(wayOf(stream(0))).toBe('piped');
    stream(0).close();
    expect(dataOf(await answer)).toEqual([1]);
  });

  it('is given the events as they come when it asks for a stream', async () => {
    const app = newApp();
    const { channel, stream } = await serve(app);
    const response = await app.inject({ url: '/', payloadAsStream: true });
    const body = response.stream();
    let text = '';
    body.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    await channel.publish({ data: 1 });
    await expect.poll(() => dataOf(text)).toEqual([1]);
    expect(wayOf(stream(0))).toBe('piped');
    stream(0).close();
    await expect.poll(() => body.readableEnded).toBe(true);
  });
});

it('two streams to two clients are direct side by side', async () => {
  const { channel, origin, streams } = await serve(newApp());
  const answers = [visit(origin), visit(origin)];
  await expect.poll(() => answers.every(({ text }) => text.includes('position'))).toBe(true);
  await channel.publish({ data: 1 });
  await expect.poll(() => answers.map(({ text }) => dataOf(text))).toEqual([[1], [1]]);
  expect(streams.map(wayOf)).toEqual([expectedWay('direct'), expectedWay('direct')]);
});
