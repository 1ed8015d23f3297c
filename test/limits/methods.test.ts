import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, rawClient } from '../support/raw-client.ts';

const FILES = { 'index.html': '<p>home', 'a.css': 'p {}', 'img/b.svg': '<svg/>', 'guide.html': '' };

const METHODS = ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const PATHS = [
  '/',
  '/a.css',
  '/index.html',
  '/img/',
  '/img',
  '/guide',
  '/a.css?query',
  '/img/b.svg',
];

describe('N1: a file can be read, and nothing else', () => {
  it.each(METHODS)('%s of one is 405 and says what may be done', async (method) => {
    const site = await LiveSite.start(FILES);
    for (const path of PATHS) {
      const response = await fetch(new URL(path, site.url), { method, redirect: 'manual' });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(await response.text()).toBe('A file can be read, and nothing else\n');
    }
  });

  it.each(METHODS)('%s of what is not there is 404', async (method) => {
    const site = await LiveSite.start(FILES);
    for (const path of ['/none', '/none.css', '/img/none/', '/.env']) {
      const response = await fetch(new URL(path, site.url), { method });
      expect([path, response.status]).toEqual([path, 404]);
    }
  });

  it('of a mounted directory too', async () => {
    const lib = await LiveSite.start({ 'x.js': '' });
    const site = await LiveSite.start(FILES, { mount: { '/lib': lib.root } });
    const response = await fetch(`${site.url}lib/x.js`, { method: 'PUT', body: 'new' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is answered before any of the body has come, whatever its type and length', async () => {
    const site = await LiveSite.start(FILES);
    const client = rawClient(site.port);
    client.send(
      'POST /a.css HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/x-unknown',
      `Content-Length: ${2 ** 40}`,
    );
    await expect.poll(() => client.received).toContain('nothing else');
    expect(parseAnswer(client.received).status).toBe(405);
    expect(client.isClosed).toBe(false);
  });
});

describe('N1: who takes other methods gets them', () => {
  const echo = (app: FastifyInstance) => {
    app.post('/a.css', async ({ body }) => body);
    app.put('/img/*', async () => 'put');
    app.options('/guide', async () => 'asked');
  };

  it('a route of the app', async () => {
    const site = await LiveSite.start(FILES, { prepare: echo });
    const ask = async (path: string, method: string, body?: string) => {
      const init = body === undefined ? { method } : { method, body };
      return (await fetch(new URL(path, site.url), init)).text();
    };
    expect(await ask('/a.css', 'POST', 'text')).toBe('text');
    expect(await ask('/img/b.svg', 'PUT')).toBe('put');
    expect(await ask('/guide', 'OPTIONS')).toBe('asked');
  });

  it('a server behind the proxy', async () => {
    const backend = await LiveSite.start({}, { prepare: echo });
    const site = await LiveSite.start(FILES, { proxy: backend.url.slice(0, -1) });
    const response = await fetch(`${site.url}a.css`, { method: 'POST', body: 'text' });
    expect(await response.text()).toBe('text');
  });

  it('a page of another origin that may read, with a preflight', async () => {
    const site = await LiveSite.start(FILES, { cors: true });
    const headers = { origin: 'http://localhost:1', 'access-control-request-method': 'GET' };
    const response = await fetch(`${site.url}a.css`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-methods')).toBe('GET, HEAD');
  });
});
