import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostGuardOptions } from '../plugins/host-guard.ts';
import { guardedApp } from './support/guarded-app.ts';
import { rawRequest } from './support/raw-request.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function events(options: HostGuardOptions, ...headers: string[]) {
  const started = await guardedApp(options);
  app = started.app;
  return rawRequest(started.port, [
    'GET /events HTTP/1.1',
    'Connection: close',
    `Host: localhost:${started.port}`,
    ...headers.map((header) => header.replace('PORT', `${started.port}`)),
  ]);
}

const accept = 'Accept: text/event-stream';

describe('O2: an event stream without configuration', () => {
  it.each([
    ['curl', []],
    ['a same-origin EventSource', ['Sec-Fetch-Site: same-origin']],
    ['the address bar', ['Sec-Fetch-Site: none']],
    ['a same-origin fetch with POST', ['Origin: http://localhost:PORT']],
  ])('answers %s, without a CORS header', async (_who, headers) => {
    const { status, head } = await events({}, accept, ...headers);
    expect(status).toBe(200);
    expect(head).not.toMatch(/access-control-/i);
  });

  it.each([
    ['a page of another site', ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site']],
    ['a page on another local port', ['Origin: http://localhost:1', 'Sec-Fetch-Site: same-site']],
    ['a sandboxed frame', ['Origin: null']],
    ['an image of another site', ['Sec-Fetch-Site: cross-site']],
    ['a script of another port', ['Sec-Fetch-Site: same-site']],
    ['an unknown relation', ['Sec-Fetch-Site: same-origin, cross-site']],
  ])('refuses %s', async (_who, headers) => {
    const { status, head, body } = await events({}, accept, ...headers);
    expect(status).toBe(403);
    expect(body).toMatch(/option allowedOrigins \(--allowed-origin\)/);
    expect(head).not.toMatch(/access-control-/i);
  });

  it('Q3: shows a hostile origin escaped and cut', async () => {
    const { body } = await events({}, accept, `Origin: \u00e9<script>${'x'.repeat(1000)}`);
    const text = Buffer.from(body, 'latin1').toString();
    expect(text).toMatch(/^Origin "é<script>x{190}…" is not allowed/);
  });

  it('can be marked by the app when its requests have another Accept', async () => {
    const isEventRequest = (request: { url: string }) => request.url === '/events';
    const headers = ['Accept: */*', 'Sec-Fetch-Site: cross-site'];
    expect((await events({ isEventRequest }, ...headers)).status).toBe(403);
    await app?.close();
    expect((await events({}, ...headers)).status).toBe(200);
  });
});

describe('O2: an event stream with a list of origins', () => {
  const options = { allowedOrigins: ['https://app.example'] };

  it('is open to a page of the list, by name and without credentials', async () => {
    const headers = ['Origin: https://app.example', 'Sec-Fetch-Site: cross-site'];
    const { status, head, body } = await events(options, accept, ...headers);
    expect(status).toBe(200);
    expect(body).toContain('data: one');
    expect(head).toMatch(/access-control-allow-origin: https:\/\/app\.example\r\n/i);
    expect(head).toMatch(/vary: Origin\r\n/i);
    expect(head).not.toMatch(/credentials/i);
  });

  it('stays closed to all others', async () => {
    const { status } = await events(options, accept, 'Origin: https://evil.example');
    expect(status).toBe(403);
  });

  it('says "*" only when that was typed', async () => {
    const { head } = await events({ allowedOrigins: ['*'] }, accept, 'Origin: null');
    expect(head).toMatch(/access-control-allow-origin: \*\r\n/i);
  });
});
