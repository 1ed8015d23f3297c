import { once } from 'node:events';
import { connect } from 'node:http2';
import { createServer } from 'node:https';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { destinationOf } from '../../plugins/proxy/destination.ts';
import { failureReason } from '../../plugins/proxy/failure.ts';
import { Upstream } from '../../plugins/proxy/upstream.ts';
import { toError } from '../../plugins/to-error.ts';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { ask } from '../support/backends/ask.ts';
import { Backend } from '../support/backends/backend.ts';
import { certificate } from '../support/certificate.ts';
import { listen } from '../support/http-servers.ts';
import { LiveSite } from '../support/live-site.ts';
import { temporarySite } from '../support/temporary-site.ts';

const pem = (name: string) =>
  fileURLToPath(new URL(`../fixtures/localhost-test-${name}.pem`, import.meta.url));

async function startSecure(options: Omit<DevServerOptions, 'root'>) {
  const https = { cert: pem('cert'), key: pem('key') };
  const root = await temporarySite({});
  const server = await createDevServer({ root, port: 0, https, host: '127.0.0.1', ...options });
  onTestFinished(() => server.close());
  return (await server.listen()).replace(/\/$/, '');
}

/** A connection over HTTP/2, and one request after another on it. */
function connectSecurely(url: string) {
  const session = connect(url, { ca: certificate.cert });
  onTestFinished(() => session.destroy());
  return async (headers: Record<string, string>, body: string[] = []) => {
    const stream = session.request(headers, { endStream: body.length === 0 });
    for (const part of body) stream.write(part);
    if (body.length > 0) stream.end();
    const [answer] = await once(stream, 'response');
    return { headers: answer, text: Buffer.concat(await stream.toArray()).toString(), stream };
  };
}

describe('in front of a plain backend, HTTPS', () => {
  it('passes requests of HTTP/2 on, and no header that HTTP/2 forbids comes back', async () => {
    const backend = await Backend.node('app');
    const url = await startSecure({ proxy: backend.url });
    const request = connectSecurely(url);
    const { host, origin } = new URL(url);

    const echo = await request({ ':path': '/echo', cookie: 'a=1', origin });
    expect(JSON.parse(echo.text).headers).toEqual({
      connection: 'keep-alive',
      cookie: 'a=1',
      host,
      origin,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': host,
      'x-forwarded-proto': 'https',
    });
    const upload = { ':method': 'POST', ':path': '/upload' };
    expect(JSON.parse((await request(upload, ['one', 'two'])).text)).toMatchObject({ length: 6 });
    expect(JSON.parse((await request(upload)).text)).toMatchObject({ length: 0 });
    const odd = await request({ ':path': '/hop-by-hop' });
    expect(odd.headers).toMatchObject({ ':status': 200, 'x-kept': 'yes' });
    const cookies = await request({ ':path': '/cookies' });
    expect(cookies.headers['set-cookie']).toContain(
      'safe=1; Secure; SameSite=None; HttpOnly; Path=/',
    );
    const page = await request({ ':path': '/gzip', 'sec-fetch-dest': 'document' });
    expect(page.text).toContain('/@dev-serve/client.js');
    const broken = request({ ':path': '/half' });
    await expect(broken).rejects.toThrow();
  });

  it('says in redirects that it speaks TLS', async () => {
    const backend = await Backend.node('redirecting');
    const url = await startSecure({ proxy: backend.url });
    const request = connectSecurely(url);
    for (const kind of ['absolute', 'by-name', 'by-host', 'protocol-relative']) {
      const { headers } = await request({ ':path': `/to/${kind}` });
      expect(new URL(headers.location).origin + new URL(headers.location).pathname).toBe(
        `${url}/landing`,
      );
    }
  });

  it('passes WebSockets of HTTP/1.1 on', async () => {
    const backend = await Backend.node('app');
    const url = await startSecure({ proxy: backend.url });
    const address = `${url.replace('https:', 'wss:')}/headers-socket`;
    const socket = new WebSocket(address, { ca: certificate.cert });
    onTestFinished(() => socket.terminate());
    const [data] = await once(socket, 'message');
    expect(JSON.parse(data)).toMatchObject({ 'x-forwarded-proto': 'https' });
  });
});

describe('a backend that speaks HTTPS', () => {
  async function startBackend(): Promise<string> {
    const server = createServer(certificate, (_request, response) => response.end('secure'));
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.send('secure too'));
    onTestFinished(() => {
      for (const client of sockets.clients) client.terminate();
    });
    return `https://localhost:${await listen(server)}`;
  }

  it('on this machine may have any certificate, which is said once', async () => {
    const backend = await startBackend();
    const texts: string[] = [];
    const onNotice = ({ text }: { text: string }) => void texts.push(text);
    const site = await LiveSite.start({}, { proxy: backend, onNotice });
    for (let n = 0; n < 2; n++) expect((await ask(site.url)).text).toBe('secure');
    const socket = new WebSocket(site.url.replace('http:', 'ws:'));
    onTestFinished(() => socket.terminate());
    expect(String((await once(socket, 'message'))[0])).toBe('secure too');
    expect(texts).toEqual([
      `${backend} has a certificate that nobody vouches for: not checked here`,
    ]);
  });

  it('on another machine has to have one that is trusted', async () => {
    const destination = { ...destinationOf(new URL(await startBackend())), isLoopback: false };
    const upstream = new Upstream(destination, () => {});
    onTestFinished(() => upstream.close());
    const { signal } = new AbortController();
    const question = { method: 'GET', target: '/', headers: {}, body: undefined, signal };
    const reason = await upstream.ask(question).catch((error) => failureReason(toError(error)));
    expect(reason).toMatch(/^its certificate is not trusted \([A-Z_]+\): name its authority in /);
  });
});
