import { createServer, type RequestListener, ServerResponse } from 'node:http';
import express from 'express';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EventStream, eventStream } from '../../plugins/http.ts';
import { expectedWay, type Way, wayOf } from '../support/direct.ts';
import { newHub } from '../support/event-hub.ts';
import { listen, type ServerKind, serve, serverKinds } from '../support/http-servers.ts';
import { rawClient } from '../support/raw-client.ts';

const BODY = 'retry: 1000\ndata: 1\n\ndata: 2\n\ndata: 3\n\n';
const ENDED = '0\r\n\r\n';

/** A stream of a server of that kind, from its beginning to its end. */
async function follow(
  kind: ServerKind,
  prepare: (response: ServerResponse) => void = () => {},
): Promise<{ ways: Way[]; headers: Readonly<Record<string, unknown>>; text: string }> {
  const hub = newHub();
  const streams: EventStream[] = [];
  const origin = await serve(kind, (request, response) => {
    if ('shouldKeepAlive' in response) prepare(response);
    streams.push(eventStream(request, response, undefined, { hub }));
  });
  const answer = kind.visit(origin);
  await expect.poll(() => answer.text).toContain('retry');
  const ways = streams.map(wayOf);
  const [stream = expect.fail()] = streams;
  stream.send('1');
  await expect.poll(() => answer.text).toContain('data: 1\n');
  stream.send('2');
  stream.send('3');
  stream.close();
  await expect.poll(() => answer.ended).toBe(true);
  await expect.poll(() => hub.stats().streams).toBe(0);
  return { ways, headers: answer.headers, text: answer.text };
}

describe.each(serverKinds)('a stream of $name', (kind) => {
  const way = kind.name.includes('http2') ? 'piped' : 'direct';

  it(`is ${way}, and its client gets head, events and end`, async () => {
    const { ways, headers, text } = await follow(kind);
    expect(ways).toEqual([expectedWay(way)]);
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream' });
    expect(text).toBe(BODY);
  });
});

const [nodeHttp = expect.fail()] = serverKinds;

describe('a response of node:http', () => {
  it('that has headers already keeps them', async () => {
    const { ways, headers } = await follow(nodeHttp, (response) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.setHeader('X-Own', 'kept');
      response.statusCode = 404;
    });
    expect(ways).toEqual([expectedWay('direct')]);
    expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-own': 'kept' });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['a length', (response) => response.setHeader('Content-Length', BODY.length)],
    ['no chunks', (response) => response.removeHeader('transfer-encoding')],
    [
      'a write() of its own',
      (response) => {
        const write = response.write.bind(response);
        response.write = (chunk: unknown) => write(chunk);
      },
    ],
  ])('that has %s is piped to', async (_what, prepare) => {
    const { ways, text } = await follow(nodeHttp, prepare);
    expect(ways).toEqual(['piped']);
    expect(text).toBe(BODY);
  });
});

it('a socket is used again after a stream that was direct; one behind it is piped', async () => {
  const hub = newHub();
  const streams: EventStream[] = [];
  const answer: RequestListener = (request, response) => {
    streams.push(eventStream(request, response, undefined, { hub }));
  };
  const client = rawClient(await listen(createServer(answer)));
  const get = 'GET / HTTP/1.1\r\nHost: 127.0.0.1';
  client.send(`${get}\r\n\r\n${get}`);
  await expect.poll(() => streams.length).toBe(2);
  expect(streams.map(wayOf)).toEqual([expectedWay('direct'), 'piped']);
  for (const [n, stream] of streams.entries()) {
    stream.send(`${n}`);
    stream.close();
  }
  await expect.poll(() => client.received.split(ENDED).length).toBe(3);
  client.send(get);
  await expect.poll(() => streams.length).toBe(3);
  expect(streams[2] && wayOf(streams[2])).toBe(expectedWay('direct'));
  streams[2]?.close();
  await expect.poll(() => client.received.split(ENDED).length).toBe(4);
  expect(client.received.match(/^data: \d$/gm)).toEqual(['data: 0', 'data: 1']);
});

it('a write() put in the place of that of all responses gets nothing of a stream', async () => {
  const write = vi.spyOn(ServerResponse.prototype, 'write');
  onTestFinished(() => write.mockRestore());
  const { ways, text } = await follow(nodeHttp);
  expect(ways).toEqual([expectedWay('direct')]);
  expect(text).toBe(BODY);
  const written = write.mock.calls.map(([chunk]) => String(chunk)).join('');
  expect(written).toBe(ways[0] === 'direct' ? '' : BODY);
});

it('what is sent in the tick in which the stream is made comes behind the head', async () => {
  const hub = newHub();
  const answer: RequestListener = (request, response) => {
    const stream = eventStream(request, response, undefined, { hub });
    for (const event of ['1', '2', '3']) stream.send(event);
    stream.close();
  };
  const client = rawClient(await listen(createServer(answer)));
  client.send('GET / HTTP/1.1', 'Host: 127.0.0.1');
  await expect.poll(() => client.received).toContain(ENDED);
  expect(client.received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(client.received.match(/^(retry|data): .*$/gm)).toEqual([
    'retry: 1000',
    'data: 1',
    'data: 2',
    'data: 3',
  ]);
});

it('a middleware of Express that puts something in between gets every byte', async () => {
  const hub = newHub();
  const streams: EventStream[] = [];
  const written: string[] = [];
  const app = express().use((_request, response, next) => {
    const write = response.write.bind(response);
    response.write = (chunk: unknown) => {
      written.push(String(chunk));
      return write(chunk);
    };
    next();
  });
  app.get('/', (request, response) => {
    streams.push(eventStream(request, response, undefined, { hub }));
  });
  const client = rawClient(await listen(createServer(app)));
  client.send('GET / HTTP/1.1', 'Host: 127.0.0.1');
  await expect.poll(() => client.received).toContain('retry');
  expect(streams.map(wayOf)).toEqual(['piped']);
  streams[0]?.send('1');
  streams[0]?.close();
  await expect.poll(() => client.received).toContain(ENDED);
  expect(written.join('')).toBe('retry: 1000\ndata: 1\n\n');
});
