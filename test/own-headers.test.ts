import { once } from 'node:events';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer, type DevServerOptions } from '../server/create-dev-server.ts';
import { headOf } from './support/answers.ts';
import { handshake } from './support/raw-request.ts';
import { temporarySite } from './support/temporary-site.ts';

const pem = (name: string) => fileURLToPath(new URL(`fixtures/${name}.pem`, import.meta.url));
const certificate = { cert: pem('localhost-test-cert'), key: pem('localhost-test-key') };
const files = { 'index.html': '<!doctype html><p>', 'a.css': 'p {}', 'folder/b.css': 'p {}' };
const page = { accept: 'text/html', 'sec-fetch-dest': 'document' };
const events = { accept: 'text/event-stream' };

/** Everything that a server answers by itself: `GET /path` and what it is asked with. */
const QUESTIONS: readonly (readonly [status: number, question: string, headers?: object])[] = [
  [200, 'GET /', page],
  [200, 'HEAD /'],
  [200, 'GET /a.css'],
  [206, 'GET /a.css', { range: 'bytes=0-1' }],
  [416, 'GET /a.css', { range: 'bytes=9-' }],
  [200, 'GET /folder/'],
  [301, 'GET /folder'],
  [404, 'GET /none'],
  [404, 'GET /none', page],
  [400, 'GET /%'],
  [400, 'GET /%', page],
  [200, 'GET /@dev-serve/client.js'],
  [200, 'GET /@dev-serve/'],
  [302, 'GET /@dev-serve'],
  [200, 'GET /@dev-serve/status.json'],
  [200, 'GET /@dev-serve/health'],
  [415, 'POST /@dev-serve/report'],
  [400, 'POST /@dev-serve/report', { 'content-type': 'application/json' }],
  [200, 'GET /events', events],
  [200, 'HEAD /events', events],
  [403, 'GET /events', { ...events, origin: 'null' }],
  [403, 'GET /events', { ...events, 'sec-fetch-site': 'cross-site' }],
  [403, 'GET /', { host: 'evil.example' }],
  [400, 'GET /', { host: 'localhost:99999' }],
  [500, 'GET /broken'],
  [500, 'GET /broken', page],
  [415, 'POST /form', { 'content-type': 'a/b' }],
  [502, 'GET /proxied'],
  [502, 'GET /proxied', page],
  [405, 'OPTIONS /', { origin: 'http://localhost:1', 'access-control-request-method': 'GET' }],
];

async function start(options: Partial<DevServerOptions> = {}) {
  const root = await temporarySite(files);
  const server = await createDevServer({
    ...{ root, port: 0, host: '127.0.0.1', onNotice() {} },
    // Nothing listens on the port of the discard service of this machine.
    ...{ proxy: { '/proxied': 'http://127.0.0.1:9' }, ...options },
  });
  onTestFinished(() => server.close());
  server.app.get('/broken', () => Promise.reject(new Error('broken')));
  server.app.post('/form', ({ body }) => body);
  return new URL(await server.listen());
}

/** What is missing or too much in a head of HTTP/1.1. */
function faultsOf(head: string): string[] {
  const lines = head.toLowerCase().split('\r\n');
  const missing = ['cross-origin-resource-policy: same-origin', 'x-content-type-options: nosniff']
    // Once each: a header that comes twice is none.
    .filter((line) => lines.filter((each) => each === line).length !== 1);
  return [...missing, ...lines.filter((line) => line.startsWith('access-control-'))];
}

describe.each([
  ['HTTP', false],
  ['HTTPS', certificate],
] as const)('over %s', (_name, https) => {
  it('C1, C2, C3: every answer may be embedded and read by its own origin alone', async () => {
    const url = await start({ https });
    const port = Number(url.port);
    const open = () => {
      const own = { port, host: '127.0.0.1', rejectUnauthorized: false };
      const socket = https ? connectTls(own) : connect(own);
      return socket.on('error', () => {});
    };
    const found: unknown[] = [];
    const ask = async (status: number, lines: readonly string[]) => {
      const socket = open();
      const answer = await headOf(socket, lines);
      socket.destroy();
      found.push([answer.status, ...lines, ...faultsOf(answer.head)]);
      return [status, ...lines];
    };
    const asked: unknown[] = [];
    for (const [status, question, headers = {}] of QUESTIONS) {
      const all = { host: url.host, connection: 'close', 'content-length': 0, ...headers };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
      asked.push(await ask(status, [`${question} HTTP/1.1`, ...lines]));
    }
    const host = `host: ${url.host}`;
    const upgrades: readonly (readonly [number, string[]])[] = [
      [101, handshake('/events/ws', host)],
      [403, handshake('/events/ws', host, 'origin: null')],
      [403, handshake('/events/ws', 'host: evil.example')],
      [404, handshake('/none', host)],
      [400, handshake('/%', host)],
      [400, handshake('/events/ws', host).filter((line) => !line.includes('-Key'))],
      [400, handshake('/events/ws', host).map((line) => line.replace('13', '7'))],
      [400, ['GET / HTTP/1.0']],
      [400, ['GET / HTTP/1.1', 'connection: close']],
      [400, ['GET / HTTP/9.9', host]],
      [431, ['GET / HTTP/1.1', host, `x: ${'x'.repeat(20_000)}`]],
      [417, ['POST /form HTTP/1.1', host, 'expect: much', 'content-length: 0']],
      [400, ['GET / HTTP/1.1', host, host]],
    ];
    for (const [status, lines] of upgrades) asked.push(await ask(status, lines));
    expect(found).toEqual(asked);
  });
});

describe('over HTTP/2', () => {
  it('C1, C2, C3: every answer may be embedded and read by its own origin alone', async () => {
    const url = await start({ https: certificate });
    const session = connectHttp2(url, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    const found: unknown[] = [];
    const asked: unknown[] = [];
    for (const [status, question, headers = {}] of QUESTIONS) {
      const [method, path] = question.split(' ');
      const { host = url.host, ...others }: IncomingHttpHeaders = { ...headers };
      const head = { ':method': method, ':path': path, ':authority': host, ...others };
      const stream = session.request(head, { endStream: true });
      const [answer] = await once(stream, 'response');
      stream.destroy();
      const lines = Object.entries(answer).map(([name, value]) => `${name}: ${value}`);
      found.push([answer[':status'], question, headers, ...faultsOf(lines.join('\r\n'))]);
      asked.push([status, question, headers]);
    }
    expect(found).toEqual(asked);
  });
});

describe('with cors', () => {
  it('C1, C2: says yes to pages of this machine alone, and never opens private networks', async () => {
    const url = await start({ cors: true });
    const answer = async (origin: string) => {
      const socket = connect(Number(url.port), '127.0.0.1');
      const { head } = await headOf(socket, [
        ...['GET /a.css HTTP/1.1', `host: ${url.host}`, `origin: ${origin}`],
        'access-control-request-private-network: true',
      ]);
      socket.destroy();
      return head;
    };
    const own = await answer('http://localhost:5173');
    expect(own).toMatch(/^access-control-allow-origin: http:\/\/localhost:5173$/im);
    expect(own).toMatch(/^cross-origin-resource-policy: cross-origin$/im);
    expect(own).toMatch(/^vary: .*origin/im);
    expect(own).not.toMatch(/access-control-allow-(private-network|credentials)/i);
    expect(faultsOf(await answer('http://localhost.evil.example'))).toEqual([]);
  });
});
