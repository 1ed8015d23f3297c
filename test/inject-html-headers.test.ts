import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import injectHtml from '../plugins/inject-html.ts';
import { tag } from './html/golden-pages.ts';

const PAGE = '<!doctype html><head><title>x</title></head>';
const INJECTED = PAGE.replace('<head>', `<head>${tag(undefined)}`);
const NAVIGATION = { 'sec-fetch-dest': 'document' };

let app: FastifyInstance;
let root: string;
let port: number;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'inject-html-'));
  await writeFile(join(root, 'page.html'), PAGE);
  await writeFile(join(root, 'empty.html'), '');
  await writeFile(join(root, 'site.css'), 'p{}');
  app = Fastify();
  await app.register(injectHtml, { snippet: () => tag });
  await app.register(fastifyStatic, { root, maxAge: 60_000 });
  app.get('/string', (_request, reply) => reply.type('text/html').header('etag', '"s"').send(PAGE));
  app.get('/buffer', (_request, reply) => reply.type('text/html').send(Buffer.from(PAGE)));
  app.get('/stream', (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/html', 'content-length': PAGE.length, etag: '"t"' })
      .send(Readable.from([PAGE])),
  );
  app.get('/empty-string', (_request, reply) => reply.type('text/html').send(''));
  app.get('/length', (_request, reply) =>
    reply.headers({ 'content-type': 'text/html', 'content-length': PAGE.length }).send(PAGE),
  );
  app.get('/private', (_request, reply) =>
    reply.type('text/html').header('cache-control', 'private, No-Store').send(PAGE),
  );
  app.route({
    method: ['GET', 'HEAD'],
    url: '/own-head',
    handler: (request, reply) =>
      reply
        .headers({ 'content-type': 'text/html', 'content-length': PAGE.length, etag: '"o"' })
        .send(request.method === 'HEAD' ? '' : Readable.from([PAGE])),
  });
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
});

afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true });
});

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

function ask(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers, agent: false }, async (response) => {
      const { date: _date, connection: _connection, ...rest } = response.headers;
      resolve({ status: response.statusCode, headers: rest, body: await text(response) });
    })
      .on('error', reject)
      .end();
  });
}

describe('J2: HEAD for an injected page', () => {
  it.each([
    '/string',
    '/buffer',
    '/stream',
    '/empty-string',
    '/length',
    '/private',
    '/own-head',
    '/page.html',
    '/empty.html',
  ])('%s has the headers of GET', async (path) => {
    const get = await ask('GET', path, NAVIGATION);
    const head = await ask('HEAD', path, NAVIGATION);
    expect(get.body).toContain(tag(undefined));
    const { 'transfer-encoding': chunked, ...headers } = get.headers;
    expect(head).toEqual({ status: get.status, headers, body: '' });
    // A body of unknown length is chunked, and RFC 9112 lets HEAD leave that out.
    if (chunked === undefined) {
      expect(Number(headers['content-length'])).toBe(Buffer.byteLength(get.body));
    } else {
      expect(headers['content-length']).toBeUndefined();
    }
    for (const name of ['etag', 'last-modified', 'accept-ranges']) {
      expect(headers[name]).toBeUndefined();
    }
  });
});

describe('the cache', () => {
  it('must ask again for an injected page', async () => {
    const { headers } = await ask('GET', '/page.html', NAVIGATION);
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('stays forbidden where the app forbids it', async () => {
    const { headers } = await ask('GET', '/private', NAVIGATION);
    expect(headers['cache-control']).toBe('private, No-Store');
  });

  it('keeps a page for scripts apart from the page for a window', async () => {
    const fetched = await ask('GET', '/page.html', { 'sec-fetch-dest': 'empty' });
    const opened = await ask('GET', '/page.html', NAVIGATION);
    expect(fetched.body).toBe(PAGE);
    expect(fetched.headers.vary).toBe('Accept, Sec-Fetch-Dest, Sec-Fetch-Mode');
    expect(opened.headers.vary).toBe('Accept, Sec-Fetch-Dest, Sec-Fetch-Mode');
  });
});

describe('J2: a page on the disk that the browser holds already', () => {
  it.each([
    ['a navigation', NAVIGATION],
    ['a navigation without fetch metadata', { accept: 'text/html,*/*;q=0.8' }],
    ['a client without any of it', {}],
    ['curl', { accept: '*/*' }],
  ])('is never answered 304 or 206 to %s', async (_client, headers) => {
    const fetched = await ask('GET', '/page.html', { 'sec-fetch-dest': 'empty' });
    const etag = String(fetched.headers.etag);
    const modified = String(fetched.headers['last-modified']);
    for (const condition of [
      { 'if-none-match': etag },
      { 'if-none-match': '*' },
      { 'if-modified-since': modified },
      { 'if-match': '"other"' },
      { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:01 GMT' },
      { range: 'bytes=0-9' },
      { range: 'bytes=0-9', 'if-range': etag },
    ]) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask(method, '/page.html', { ...headers, ...condition });
        expect(answer.status).toBe(200);
        expect(answer.body).toBe(method === 'GET' ? INJECTED : '');
      }
    }
  });

  it('is answered 304 and 206 to a script that fetches it', async () => {
    const headers = { 'sec-fetch-dest': 'empty' };
    const fetched = await ask('GET', '/page.html', headers);
    const etag = String(fetched.headers.etag);
    expect((await ask('GET', '/page.html', { ...headers, 'if-none-match': etag })).status).toBe(
      304,
    );
    const part = await ask('GET', '/page.html', { ...headers, range: 'bytes=0-8' });
    expect(part.status).toBe(206);
    expect(part.body).toBe('<!doctype');
  });
});

describe('a file that is no page', () => {
  it.each([
    ['a stylesheet request', { 'sec-fetch-dest': 'style' }],
    ['curl', { accept: '*/*' }],
  ])('keeps validators and ranges for %s', async (_client, headers) => {
    const fetched = await ask('GET', '/site.css', headers);
    expect(fetched.headers.vary).toBeUndefined();
    expect(fetched.headers['cache-control']).toBe('public, max-age=60');
    const condition = { 'if-none-match': String(fetched.headers.etag) };
    expect((await ask('GET', '/site.css', { ...headers, ...condition })).status).toBe(304);
    expect((await ask('GET', '/site.css', { ...headers, range: 'bytes=0-0' })).body).toBe('p');
  });
});
