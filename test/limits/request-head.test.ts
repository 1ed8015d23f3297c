import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOf } from '../../server/limits/request-target.ts';
import { LiveSite } from '../support/live-site.ts';
import { ask } from '../support/raw-client.ts';

const HOST = ['Host: localhost', 'Connection: close'];
const site = (options: Parameters<typeof LiveSite.start>[1] = {}) =>
  LiveSite.start(
    { 'index.html': '<p>home' },
    { prepare: (app) => void app.get('/route', async () => 'SITE'), ...options },
  );

describe('P1: a request-target in another form than "/path?query" is 400', () => {
  it('whatever characters it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 16 }), (target) => {
        const isOriginForm = /^\/[^#]*$/.test(target);
        expect(faultOf(target, 8192)).toBe(isOriginForm ? undefined : 'malformed');
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([false, true])('for files, routes and events alike (TLS: %s)', async (tls) => {
    const { port } = await site({ https: tls });
    const lines = [
      'GET http://localhost/index.html HTTP/1.1',
      'GET http://localhost/route HTTP/1.1',
      'GET https://evil.example/ HTTP/1.1',
      'GET /index.html#a HTTP/1.1',
      'GET /route#a HTTP/1.1',
      'GET /?a#b HTTP/1.1',
      'GET /events#a HTTP/1.1',
      'OPTIONS * HTTP/1.1',
      'GET * HTTP/1.1',
      'HEAD * HTTP/1.1',
      'GET index.html HTTP/1.1',
      'GET ?a HTTP/1.1',
      'GET \\ HTTP/1.1',
      'GET /% HTTP/1.1',
      'GET /index.html HTTP/1.0\r\nX: y',
      'CONNECT localhost:1 HTTP/1.1',
    ];
    const answers = await Promise.all(
      lines.map(async (line) => {
        const host = line.includes('1.0') ? HOST.slice(1) : HOST;
        const { status, body } = await ask(port, [line, ...host], { tls });
        expect(body).not.toMatch(/home|SITE/);
        return `${status} ${line.split('\r\n')[0]}`;
      }),
    );
    // A tunnel is nothing that is answered at all.
    const hungUp = (line: string) => line.startsWith('CONNECT');
    expect(answers).toEqual(
      lines.map((line) => `${hungUp(line) ? NaN : 400} ${line.split('\r\n')[0]}`),
    );
  });
});

describe('N1: a request line or head that is too long', () => {
  const target = (length: number) => `/?${'a'.repeat(length - 2)}`;
  const get = (path: string, ...headers: string[]) => [`GET ${path} HTTP/1.1`, ...HOST, ...headers];
  const padding = (length: number) => `X-Padding: ${'b'.repeat(length)}`;

  it.each([
    ['a target of 8 KiB', get(target(8192)), 200],
    ['a longer one', get(target(8193)), 414],
    ['a longer one that cannot be decoded', get(`/%${'a'.repeat(8192)}`), 414],
    ['one longer than headers may be', get(target(20_000)), 414],
    ['headers below 16 KiB', get('/', padding(15_500)), 200],
    ['longer ones', get('/', padding(16_384)), 431],
    ['long ones and a long target', get(target(8000), padding(9000)), 431],
    ['many small ones', get('/', ...Array.from({ length: 2500 }, (_, n) => `X-${n}: some`)), 431],
  ])('%s is answered %#', async (_what, lines, status) => {
    const { port } = await site();
    const answer = await ask(port, lines);
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.head).toMatch(/content-type: text\/plain/i);
    expect(answer.head).toMatch(/x-content-type-options: nosniff/i);
    expect(answer.head).toMatch(/connection: close/i);
    expect(answer.body).toMatch(/^The (URL is|headers are) too long/);
  });
});

describe('H4: a request for a foreign host', () => {
  const upgrade = [
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];

  it.each([false, true])('is 403, whatever it is (TLS: %s)', async (https) => {
    let reached = 0;
    const backend = await LiveSite.start(
      {},
      { prepare: (app) => void app.all('/api', () => reached++) },
    );
    const proxy = { '/api': backend.url.slice(0, -1) };
    const { port } = await site({ https, proxy });
    const requests = [
      ...['GET /', 'HEAD /', 'OPTIONS /', 'DELETE /index.html', 'GET /none', 'GET /route'],
      ...['GET /events', 'GET /@dev-serve/client.js', 'GET /@dev-serve/', 'GET /@dev-serve/health'],
      ...['GET /api', 'POST /api', 'PUT /@dev-serve/report', 'POST /@dev-serve/report'],
    ].map((line) => [`${line} HTTP/1.1`, 'Connection: close']);
    requests.push(
      ...['/events/ws', '/none', '/api'].map((path) => [`GET ${path} HTTP/1.1`, ...upgrade]),
    );
    const answers = await Promise.all(
      requests.map(async ([line = '', ...headers]) => {
        const lines = [line, 'Host: evil.example', ...headers];
        const { status, body } = await ask(port, lines, { tls: https });
        const isEmpty = line.startsWith('HEAD');
        expect(body).toMatch(isEmpty ? /^$/ : /^Host "?evil\.example"? is not allowed/);
        return status;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([403]));
    expect(reached).toBe(0);
  });
});
