import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardedApp } from './support/guarded-app.ts';
import { handshake, rawRequest } from './support/raw-request.ts';

let app: FastifyInstance;
let port: number;
let log: string[];

beforeEach(async () => {
  ({ app, port, log } = await guardedApp({ allowedHosts: ['.dev.example'] }));
});
afterEach(() => app.close());

function get(path: string, ...headers: string[]) {
  return rawRequest(port, [`GET ${path} HTTP/1.1`, 'Connection: close', ...headers]);
}

describe('H2: a request for an allowed host', () => {
  it.each([
    'localhost',
    'LOCALHOST:1',
    'a.b.localhost',
    '127.0.0.1',
    '[::1]:5173',
    'dev.example',
    'a.dev.example:80',
  ])('is answered when it names %s', async (host) => {
    expect(await get('/', `Host: ${host}`)).toMatchObject({ status: 200, body: 'a page' });
  });

  it('gets no CORS header, whatever its origin', async () => {
    const { status, head } = await get('/', 'Host: localhost', 'Origin: https://evil.example');
    expect(status).toBe(200);
    expect(head).not.toMatch(/access-control-/i);
  });
});

describe('H2, H4: a request for a foreign host', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE'])('is refused for %s', async (method) => {
    const head = [`${method} / HTTP/1.1`, 'Connection: close', 'Host: evil.example'];
    expect((await rawRequest(port, head)).status).toBe(403);
  });

  it.each(['/', '/missing', '/events', '/ws', '/?host=localhost', 'http://localhost/'])(
    'is refused for the target %s',
    async (path) => {
      const { status, body } = await get(path, 'Host: evil.example');
      expect(status).toBe(403);
      expect(body).not.toContain('a page');
    },
  );

  it('is told which option to set, in plain text that no page may embed', async () => {
    const { head, body } = await get('/', 'Host: Evil.Example:3000');
    expect(body).toBe(
      'Host "evil.example" is not allowed: add it to the option allowedHosts (--allowed-host)\n',
    );
    expect(head).toMatch(/content-type: text\/plain/i);
    expect(head).toMatch(/cross-origin-resource-policy: same-origin/i);
    expect(head).toMatch(/x-content-type-options: nosniff/i);
  });

  it('is refused although a forwarding header says otherwise', async () => {
    const forwarded = 'X-Forwarded-Host: localhost';
    expect((await get('/', 'Host: evil.example', forwarded)).status).toBe(403);
  });

  it('is logged once, however often it comes', async () => {
    for (let count = 0; count < 5; count += 1) await get('/', 'Host: evil.example');
    expect(log.filter((line) => line.includes('evil.example'))).toHaveLength(1);
  });
});

describe('H1: a request without exactly one valid host', () => {
  it.each([
    ['two lines', ['Host: localhost', 'Host: evil.example']],
    ['two equal lines', ['Host: localhost', 'host: localhost']],
    ['an empty line', ['Host:']],
    ['a path', ['Host: a/b?c']],
    ['credentials', ['Host: u@localhost']],
    ['half an address', ['Host: [']],
    ['a list', ['Host: localhost, localhost']],
    ['Latin-1', ['Host: b\u00fccher.example']],
  ])('is malformed: %s', async (_what, headers) => {
    expect((await get('/', ...headers)).status).toBe(400);
  });

  it('is malformed even in HTTP/1.0, where none is needed', async () => {
    const { status, body } = await rawRequest(port, ['GET / HTTP/1.0']);
    expect(status).toBe(400);
    expect(body).toContain('Host');
  });

  it('is malformed as an upgrade too, and hung up on', async () => {
    const { status } = await rawRequest(port, handshake('/ws', 'Host: a/b?c'));
    expect(status).toBe(400);
  });
});
