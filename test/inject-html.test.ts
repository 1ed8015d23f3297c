import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import injectHtml from '../plugins/inject-html.ts';
import { tag } from './html/golden-pages.ts';

const PAGE = '<!doctype html><html><head><title>é</title></head><body></body></html>';
const INJECTED = PAGE.replace('<head>', `<head>${tag(undefined)}`);
const navigation = { 'sec-fetch-dest': 'document' };

let app: FastifyInstance;

beforeEach(async () => {
  app = Fastify();
  await app.register(injectHtml, { snippet: () => tag });
});

afterEach(() => app.close());

function page(payload: () => unknown): void {
  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(payload()));
}

async function get(headers: Record<string, string> = navigation) {
  return app.inject({ url: '/', headers });
}

describe('a page that a handler sends', () => {
  it.each([
    ['a string', () => PAGE],
    ['a Buffer', () => Buffer.from(PAGE)],
    ['a Uint8Array', () => new Uint8Array(Buffer.from(PAGE))],
    ['a stream of bytes', () => Readable.from(Buffer.from(PAGE))],
    ['a stream of strings', () => Readable.from(['', ...PAGE])],
  ])('as %s gets the tag', async (_kind, payload) => {
    page(payload);
    const response = await get();
    expect(response.body).toBe(INJECTED);
    const length = response.headers['content-length'];
    if (length !== undefined) expect(Number(length)).toBe(Buffer.byteLength(INJECTED));
  });

  it('keeps every byte of another encoding', async () => {
    const latin1 = Buffer.from('<head><meta charset=latin1></head>é', 'latin1');
    page(() => latin1);
    const { rawPayload } = await get();
    const expected = `<head>${tag(undefined)}<meta charset=latin1></head>é`;
    expect(rawPayload).toEqual(Buffer.from(expected, 'latin1'));
  });

  it('is read in the UTF-16 that its content type names', async () => {
    const bytes = Buffer.from('<head></head>', 'utf16le');
    app.get('/', (_request, reply) => reply.type('text/html; charset=utf-16').send(bytes));
    const { rawPayload } = await get();
    expect(rawPayload.toString('utf16le')).toBe(`<head>${tag(undefined)}</head>`);
  });

  it('is UTF-8 when it is a string, whatever its content type names', async () => {
    app.get('/', (_request, reply) => reply.type('text/html; charset=utf-16').send(PAGE));
    expect((await get()).body).toBe(INJECTED);
  });

  it('gets the tag when it is the not-found or the error page', async () => {
    app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/html').send(PAGE));
    app.setErrorHandler((_error, _request, reply) => reply.code(500).type('text/html').send(PAGE));
    app.get('/', () => Promise.reject(new Error('broken')));
    expect((await get()).body).toBe(INJECTED);
    const missing = await app.inject({ url: '/nothing', headers: navigation });
    expect(missing.statusCode).toBe(404);
    expect(missing.body).toBe(INJECTED);
  });

  it('carries the nonce of its Content-Security-Policy header', async () => {
    app.get('/', (_request, reply) =>
      reply
        .header('content-security-policy', "default-src 'self'; script-src 'nonce-aGVhZGVy'")
        .type('text/html')
        .send('<head><script nonce="cGFnZQ=="></script></head>'),
    );
    expect((await get()).body).toContain(tag('aGVhZGVy'));
  });

  it('carries the nonce that it gives its own scripts', async () => {
    page(() => '<head><script nonce="cGFnZQ=="></script></head>');
    expect((await get()).body).toContain(tag('cGFnZQ=='));
  });
});

describe('left as it is', () => {
  it.each([
    ['a page fetched by a script', { 'sec-fetch-dest': 'empty', accept: 'text/html' }],
    ['a page loaded as an object', { 'sec-fetch-dest': 'object' }],
    ['a page asked for by htmx', { accept: 'text/html', 'hx-request': 'true' }],
    ['a page asked for by XMLHttpRequest', { 'x-requested-with': 'XMLHttpRequest' }],
    ['a page asked for as JSON', { accept: 'application/json' }],
  ])('is %s', async (_case, headers) => {
    page(() => PAGE);
    const response = await get(headers);
    expect(response.body).toBe(PAGE);
    expect(response.headers['cache-control']).toBeUndefined();
  });

  it('is a fragment, unless a navigation asks for it', async () => {
    page(() => '<li>one</li>');
    expect((await get({ accept: '*/*' })).body).toBe('<li>one</li>');
    expect((await get(navigation)).body).toBe(`${tag(undefined)}<li>one</li>`);
  });

  it('is the answer to another method', async () => {
    app.post('/', (_request, reply) => reply.type('text/html').send(PAGE));
    const response = await app.inject({ method: 'POST', url: '/', headers: navigation });
    expect(response.body).toBe(PAGE);
    expect(response.headers.vary).toBeUndefined();
  });

  it.each([
    ['of another type', 200, { 'content-type': 'text/plain' }],
    ['in part', 206, { 'content-type': 'text/html', 'content-range': 'bytes 0-9/10' }],
    ['in an unknown coding', 200, { 'content-type': 'text/html', 'content-encoding': 'x-own' }],
    ['of text that pretends', 200, { 'content-type': 'text/html', 'content-encoding': 'br' }],
    ['of XML', 200, { 'content-type': 'application/xhtml+xml' }],
    ['to download', 200, { 'content-type': 'text/html', 'content-disposition': 'attachment' }],
  ])('is a body %s', async (_case, status, headers) => {
    app.get('/', (_request, reply) =>
      reply.code(status).headers(headers).header('etag', '"a"').send(PAGE),
    );
    const response = await get();
    expect(response.body).toBe(PAGE);
    expect(response.headers.etag).toBe('"a"');
  });

  it('is a reply that its handler took over', async () => {
    app.get('/', (_request, reply) => {
      reply.hijack();
      reply.raw.setHeader('content-type', 'text/html').end(PAGE);
    });
    expect((await get()).body).toBe(PAGE);
  });

  it('is a page without a place for the tag, with its validators', async () => {
    app.get('/', (_request, reply) =>
      reply.type('text/html').header('etag', '"a"').send('<!-- never closed'),
    );
    const response = await get();
    expect(response.body).toBe('<!-- never closed');
    expect(response.headers.etag).toBe('"a"');
  });
});

describe('the plugin', () => {
  it('asks for the snippet before the handler runs, once, and only for a possible page', async () => {
    const order: string[] = [];
    const own = Fastify();
    await own.register(injectHtml, {
      snippet: (request) => {
        order.push(`snippet ${request.url}`);
        return tag;
      },
    });
    own.get('/:name', (request, reply) => {
      order.push(`handler ${request.url}`);
      return reply.type('text/html').send(PAGE);
    });
    await own.inject({ url: '/page', headers: navigation });
    await own.inject({ url: '/data', headers: { 'sec-fetch-dest': 'empty' } });
    expect(order).toEqual(['snippet /page', 'handler /page', 'handler /data']);
    await own.close();
  });

  it('stays inside the scope that registers it', async () => {
    const own = Fastify();
    own.get('/outside', (_request, reply) => reply.type('text/html').send(PAGE));
    await own.register(async (scope) => {
      await scope.register(injectHtml, { snippet: () => tag });
      scope.get('/inside', (_request, reply) => reply.type('text/html').send(PAGE));
    });
    const outside = await own.inject({ url: '/outside', headers: navigation });
    const inside = await own.inject({ url: '/inside', headers: navigation });
    expect(outside.body).toBe(PAGE);
    expect(inside.body).toBe(INJECTED);
    await own.close();
  });

  it('refuses at registration to work without a snippet function', async () => {
    const own = Fastify();
    const options = JSON.parse('{"snippet":"<script></script>"}');
    const refusal = expect(own.register(injectHtml, options)).rejects;
    await refusal.toBeInstanceOf(TypeError);
    await refusal.toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
  });
});
