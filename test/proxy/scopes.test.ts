import { once } from 'node:events';
import { connect } from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import devServe from '../../plugins/dev-serve.ts';
import { Backend, soon } from '../support/backends/backend.ts';
import { handshake, rawRequest } from '../support/raw-request.ts';
import { temporarySite } from '../support/temporary-site.ts';

let backend: Backend;
let app: FastifyInstance;
let port: number;

beforeEach(async () => {
  backend = await Backend.node('app');
  app = Fastify({ forceCloseConnections: true });
  onTestFinished(() => app.close());
});

/** In a scope of its own, without a WebSocket of dev-serve. */
async function proxyBelow(prefix: string): Promise<void> {
  const root = await temporarySite({});
  const options = { root, streamMethod: 'sse', proxy: { '/to': `${backend.url}/` } } as const;
  await app.register(async (scope) => scope.register(devServe, options), { prefix });
}

async function ownWebSocket(): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(fastifyWebsocket);
    scope.get('/own', { websocket: true }, (socket) => socket.send('own'));
  });
}

async function listen(): Promise<void> {
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
}

async function firstMessage(path: string): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  onTestFinished(() => socket.terminate());
  const [data] = await once(socket, 'message');
  return String(data);
}

const statusOf = async (path: string) =>
  (await rawRequest(port, handshake(path, `Host: 127.0.0.1:${port}`))).status;

describe('a WebSocket', () => {
  it('comes to the right one of two scopes that pass on, or to neither', async () => {
    await proxyBelow('/x');
    await proxyBelow('/y');
    await listen();
    expect(await firstMessage('/x/to/talking-socket')).toBe('welcome');
    expect(await firstMessage('/y/to/talking-socket')).toBe('welcome');
    expect(await statusOf('/x/to/refused-socket')).toBe(403);
    expect(await statusOf('/missing')).toBe(404);
  });

  it.each(['before', 'after'])(
    'comes to a scope with an @fastify/websocket of its own, registered %s',
    async (when) => {
      if (when === 'before') await ownWebSocket();
      await proxyBelow('/x');
      if (when === 'after') await ownWebSocket();
      await listen();
      expect(await firstMessage('/own')).toBe('own');
      expect(await firstMessage('/x/to/talking-socket')).toBe('welcome');
      expect(await statusOf('/x/to/refused-socket')).toBe(403);
    },
  );

  it('of a test, which comes over no port, comes to its route', async () => {
    await app.register(fastifyWebsocket);
    app.get('/own', { websocket: true }, (socket) => socket.send('own'));
    await proxyBelow('/x');
    await app.ready();
    const messages: string[] = [];
    const onInit = (socket: WebSocket) => socket.on('message', (data) => messages.push(`${data}`));
    const socket = await app.injectWS('/own', {}, { onInit });
    await expect.poll(() => messages, soon).toEqual(['own']);
    socket.terminate();
  });

  it('that is asked for before an earlier request is answered ends its connection alone', async () => {
    await proxyBelow('/x');
    await listen();
    const socket = connect(port, '127.0.0.1').resume();
    const host = `Host: 127.0.0.1:${port}`;
    const lines = [
      'GET /x/to/asset.txt HTTP/1.1',
      host,
      '',
      ...handshake('/x/to/echo-socket', host),
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await once(socket, 'close', { signal: AbortSignal.timeout(soon.timeout) });
    expect(await firstMessage('/x/to/talking-socket')).toBe('welcome');
  });
});
