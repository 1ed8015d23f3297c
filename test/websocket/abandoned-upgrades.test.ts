import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import proxy from '../../plugins/proxy.ts';
import sse from '../../plugins/sse.ts';
import websocket from '../../plugins/websocket.ts';
import { certificate } from '../support/certificate.ts';
import { rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';

const HOST = 'Host: 127.0.0.1';
const PAGE = ['GET /page HTTP/1.1', HOST, ''];
const STREAM = ['GET /stream HTTP/1.1', HOST, ''];
const NEVER = ['GET /never HTTP/1.1', HOST, ''];
const COUNT = 50;
const BIG = 8 * 1024 * 1024;
const post = (path: string) => handshake(path, HOST).map((line) => line.replace(/^GET/, 'POST'));
const soon = { timeout: 15_000 };

const ATTACKS: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ['behind a GET', [...PAGE, ...handshake('/ws', HOST)]],
  ['behind a GET, to a path that does not exist', [...PAGE, ...handshake('/nowhere', HOST)]],
  ['behind an event stream', [...STREAM, ...handshake('/ws', HOST)]],
  ['behind two event streams', [...STREAM, ...STREAM, ...handshake('/ws', HOST)]],
  ['behind a request that is never answered', [...NEVER, ...handshake('/nowhere', HOST)]],
  ['to a path that does not exist', handshake('/nowhere', HOST)],
  ['to a route that takes none', handshake('/page', HOST)],
  ['with a body that never comes', [...post('/nowhere'), 'Content-Length: 9']],
  ['to a path that cannot be read', handshake('/%', HOST)],
  ['to a handler that never answers', handshake('/never', HOST)],
];

const KINDS: Record<string, (app: FastifyInstance) => Promise<void>> = {
  'with the WebSocket plugin': async (app) => {
    await app.register(websocket, { path: '/ws', channel: 'news' });
  },
  'with the WebSocket plugin, over TLS': async (app) => {
    await app.register(websocket, { path: '/ws', channel: 'news' });
  },
  'with an @fastify/websocket of its own': async (app) => {
    await app.register(fastifyWebsocket);
    await app.register(websocket, { path: '/ws', channel: 'news' });
  },
  'with the proxy alone': async (app) => {
    const rules = [{ path: '/ws', target: new URL('http://127.0.0.1:1') }];
    await app.register(proxy, { rules, onNotice: () => {} });
  },
  'with the WebSocket plugin and the proxy': async (app) => {
    const rules = [{ path: '/to', target: new URL('http://127.0.0.1:1') }];
    await app.register(websocket, { path: '/ws', channel: 'news' });
    await app.register(proxy, { rules, onNotice: () => {} });
  },
};

interface Site {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly log: string[];
  /** Connections that the server has. */
  open(): Promise<number>;
}

async function siteOf(kind: string): Promise<Site> {
  const tls = kind.includes('TLS');
  const log: string[] = [];
  const app: FastifyInstance = Fastify({
    logger: { level: 'warn', stream: { write: (line: string) => void log.push(line) } },
    forceCloseConnections: true,
    ...(tls && { https: certificate }),
  });
  onTestFinished(() => app.close());
  await app.register(sse, {});
  app.addHook('onRequest', async ({ url }) => {
    if (url === '/never') await new Promise(() => {});
  });
  await KINDS[kind]?.(app);
  app.get('/page', () => 'a page');
  app.get('/big', (_request, reply) =>
    reply.send(Readable.from(Array.from({ length: 128 }, () => Buffer.alloc(BIG / 128, 'x')))),
  );
  app.get('/stream', (_request, reply) => reply.sse(app.channel('news')));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const open = () =>
    new Promise<number>((resolve, reject) => {
      app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  return { app, port, log, open };
}

/** A client that can leave by a reset too, and keeps its side open. */
async function connected(port: number, tls: boolean) {
  const transport = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const socket = tls ? connectTls({ socket: transport, rejectUnauthorized: false }) : transport;
  const client = { transport, socket, received: '' };
  for (const each of [transport, socket]) each.on('error', () => {});
  socket.on('data', (chunk) => {
    client.received += chunk;
  });
  onTestFinished(() => void transport.destroy());
  await once(socket, tls ? 'secureConnect' : 'connect');
  return client;
}

describe.each(Object.keys(KINDS))('N2: an app %s', (kind) => {
  const tls = kind.includes('TLS');

  it.each(['FIN', 'RST'] as const)(
    'keeps nobody who asks in vain and leaves by %s',
    async (how) => {
      const { app, port, log, open } = await siteOf(kind);
      const clients = await Promise.all(Array.from({ length: COUNT }, () => connected(port, tls)));
      for (const [place, client] of clients.entries()) {
        const [, lines = []] = ATTACKS[place % ATTACKS.length] ?? [];
        client.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      }
      await expect
        .poll(() => clients.filter((each) => /200 OK/.test(each.received)).length, soon)
        .toBeGreaterThan(0);
      for (const { socket, transport } of clients) {
        if (how === 'FIN') socket.end();
        else transport.resetAndDestroy();
      }
      await expect.poll(open, soon).toBe(0);
      await expect.poll(() => app.channel('news').size, soon).toBe(0);
      if (!kind.includes('of its own')) expect(log).toEqual([]);
    },
  );

  it('answers what comes first, and hangs up on the upgrade behind it', async () => {
    const { port } = await siteOf(kind);
    const attacks = ATTACKS.filter(([what]) => what.startsWith('behind a GET'));
    for (const [what, lines] of attacks) {
      const client = rawClient(port, { tls });
      client.send(...lines);
      const text = await client.closed;
      expect(text, what).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\na page$/);
    }
  });

  it('sends all of a big response that is in front of an upgrade, then hangs up', async () => {
    const { port } = await siteOf(kind);
    const client = rawClient(port, { tls });
    client.send('GET /big HTTP/1.1', HOST, '', ...handshake('/ws', HOST));
    const text = await client.closed;
    expect([text.length > BIG, text.slice(-5)]).toEqual([true, '0\r\n\r\n']);
  });

  it('lets a stream go on in front of an upgrade, and hangs up when it ends', async () => {
    const { app, port } = await siteOf(kind);
    const client = rawClient(port, { tls });
    const upgraded = once(app.server, 'upgrade');
    client.send(...STREAM, ...handshake('/ws', HOST));
    await upgraded;
    await expect.poll(() => app.channel('news').size, soon).toBe(1);
    await app.channel('news').publish({ data: 'text' });
    await expect.poll(() => client.received, soon).toContain('data: text');
    await app.close();
    expect(await client.closed).toMatch(/\r\n0\r\n\r\n$/);
  });

  it('takes an upgrade on a connection that has had its answer', async () => {
    const { port } = await siteOf(kind);
    const client = rawClient(port, { tls });
    client.send(...PAGE.slice(0, -1));
    await expect.poll(() => client.received, soon).toMatch(/a page$/);
    client.send(...handshake('/ws', HOST));
    const answer = kind.includes('proxy alone') ? ' 502 ' : ' 101 ';
    await expect
      .poll(() => client.received.slice(client.received.indexOf('a page')), soon)
      .toContain(`HTTP/1.1${answer}`);
  });
});

it('N2: a WebSocket that says nothing stays', async () => {
  const { app, port } = await siteOf('with the WebSocket plugin');
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  await once(socket, 'open');
  const received = once(socket, 'message');
  await app.channel('news').publish({ data: 'text' });
  expect(String((await received)[0])).toBe('text');
  socket.terminate();
});
