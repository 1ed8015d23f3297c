import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { destinationOf } from '../../plugins/proxy/destination.ts';
import { Upstream } from '../../plugins/proxy/upstream.ts';
import { listen } from '../support/http-servers.ts';

/** As one that is asked over the network: its connections are kept. */
function remote(url: string): Upstream {
  const upstream = new Upstream({ ...destinationOf(new URL(url)), isLoopback: false }, () => {});
  onTestFinished(() => upstream.close());
  return upstream;
}

const { signal } = new AbortController();
const get = { method: 'GET', target: '/', headers: { host: 'a' }, body: undefined, signal };

async function textOf(upstream: Upstream, question = get): Promise<string> {
  const { message } = await upstream.ask(question);
  return Buffer.concat(await message.toArray()).toString();
}

describe('a connection to another machine', () => {
  it('serves one request after another, and a dead one is replaced without a word', async () => {
    const sockets: Socket[] = [];
    const server = createServer((_request, response) => response.end(`${sockets.length}`));
    server.on('connection', (socket) => sockets.push(socket));
    const upstream = remote(`http://127.0.0.1:${await listen(server)}`);
    expect([await textOf(upstream), await textOf(upstream)]).toEqual(['1', '1']);
    // Its end and the next request pass each other.
    sockets[0]?.resetAndDestroy();
    expect(await textOf(upstream)).toBe('2');
  });

  it('is a new one for a body, which cannot be sent again', async () => {
    const sockets: Socket[] = [];
    const server = createServer((request, response) => request.pipe(response));
    server.on('connection', (socket) => sockets.push(socket));
    const upstream = remote(`http://127.0.0.1:${await listen(server)}`);
    await textOf(upstream);
    const body = Readable.from(['body']);
    const headers = { host: 'a', 'transfer-encoding': 'chunked' };
    const { message } = await upstream.ask({ ...get, method: 'POST', headers, body });
    expect(Buffer.concat(await message.toArray()).toString()).toBe('body');
    expect(sockets).toHaveLength(2);
  });
});

describe('a connection to this machine', () => {
  it('is for one request: a backend that serves one at a time is not held up', async () => {
    const server = createServer((_request, response) => response.end('done'));
    const closed = once(server, 'connection').then(([socket]) => once(socket, 'close'));
    const url = `http://127.0.0.1:${await listen(server)}`;
    const upstream = new Upstream(destinationOf(new URL(url)), () => {});
    expect(await textOf(upstream)).toBe('done');
    await closed;
  });
});

describe('X6: a connection that does not come about', () => {
  // The time is the promise, of which one second is left for a busy machine.
  it('is given up within 5 seconds', { retry: 3 }, async () => {
    const server = createTcpServer((socket) => {
      onTestFinished(() => void socket.destroy());
    });
    const upstream = remote(`https://127.0.0.1:${await listen(server)}`);
    const startedAt = performance.now();
    await expect(upstream.ask(get)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
