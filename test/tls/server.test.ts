import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { temporarySite } from '../support/temporary-site.ts';

async function start(options: Partial<DevServerOptions> = {}) {
  vi.stubEnv('XDG_CACHE_HOME', temporaryDirectory());
  vi.stubEnv('CAROOT', temporaryDirectory());
  onTestFinished(() => void vi.unstubAllEnvs());
  const root = await temporarySite({ 'index.html': '<!doctype html><p>secure' });
  const notices: string[] = [];
  const server = await createDevServer({
    root,
    port: 0,
    host: '127.0.0.1',
    https: true,
    onNotice: ({ text }) => notices.push(text),
    ...options,
  });
  onTestFinished(() => server.close());
  return { server, notices, url: await server.listen() };
}

function session(url: string) {
  const client = connect(url, { rejectUnauthorized: false });
  onTestFinished(() => client.destroy());
  return {
    client,
    async get(path: string, headers: Record<string, string> = {}) {
      const stream = client.request({ ':path': path, ...headers });
      let body = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      const head = await new Promise<Record<string, unknown>>((resolve) =>
        stream.once('response', resolve),
      );
      await new Promise((resolve) => stream.once('end', resolve));
      return { head, body };
    },
  };
}

describe('a server with https', () => {
  it('speaks HTTP/2, injected pages included', async () => {
    const { url } = await start();
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    const { get } = session(url);
    const { head, body } = await get('/', { accept: 'text/html', 'sec-fetch-dest': 'document' });
    expect(head[':status']).toBe(200);
    expect(body).toMatch(
      /^<!doctype html><script src="\/@dev-serve\/client\.js"[^>]+><\/script><p>/,
    );
    expect((await get('/none')).head[':status']).toBe(404);
  });

  it('speaks HTTP/1.1 to who asks for that, WebSockets included', async () => {
    const { url } = await start();
    const socket = new WebSocket(new URL('/events/ws', url), 'dev-serve', {
      rejectUnauthorized: false,
      headers: { origin: url.slice(0, -1) },
    });
    onTestFinished(() => socket.terminate());
    const first = await new Promise((resolve) => socket.once('message', resolve));
    expect(JSON.parse(String(first))).toMatchObject({ event: 'dev-serve:position' });
  });

  it('H4, O1, O2: judges hosts and origins as without TLS', async () => {
    const { url } = await start();
    const { get } = session(url);
    const host = new URL(url).host;
    const refused = await get('/', { ':authority': 'evil.example' });
    expect(refused.head[':status']).toBe(403);
    const events = { accept: 'text/event-stream', ':authority': host };
    const foreign = await get('/events', { ...events, origin: 'https://evil.example' });
    expect(foreign.head[':status']).toBe(403);
  });

  it('T4: speaks TLS 1.2 at least', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    const version = (maxVersion: 'TLSv1.1' | 'TLSv1.2') =>
      new Promise((resolve) => {
        const socket = connectTls({
          port,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          minVersion: 'TLSv1',
          maxVersion,
          ciphers: 'DEFAULT@SECLEVEL=0',
        });
        socket.once('secureConnect', () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.once('error', () => resolve('refused'));
      });
    expect(await version('TLSv1.1')).toBe('refused');
    expect(await version('TLSv1.2')).toBe('TLSv1.2');
  });

  it('says that browsers will warn, and closes at once with streams open', async () => {
    const { server, notices, url } = await start();
    expect(notices).toEqual([expect.stringContaining('mkcert -install')]);
    const { client } = session(url);
    const stream = client.request({ ':path': '/events', accept: 'text/event-stream' });
    await new Promise((resolve) => stream.once('data', resolve));
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('closes though a client has not finished its handshake', async () => {
    const { server, url } = await start();
    const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => socket.once('connect', resolve));
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('is refused an option that is none', async () => {
    // @ts-expect-error: no such value.
    await expect(start({ https: 'yes' })).rejects.toThrow('Option "https" must be true or false');
  });
});
