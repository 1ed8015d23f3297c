import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import injectHtml from '../plugins/inject-html.ts';
import responseHeaders, { type ResponseHeadersOptions } from '../plugins/response-headers.ts';
import serveFiles from '../plugins/serve-files.ts';
import sse from '../plugins/sse.ts';
import { temporarySite } from './support/temporary-site.ts';

let app: FastifyInstance;

beforeEach(() => {
  app = Fastify();
});

afterEach(() => app.close());

const register = (options: ResponseHeadersOptions) => app.register(responseHeaders, options);

describe('a header of the option', () => {
  it('is on every response: handlers, streams, errors, redirects, 304 and what is not there', async () => {
    await register({ headers: { 'X-Own': 'mine, and "more"' } });
    app.get('/text', (_request, reply) => reply.header('x-own', 'theirs').send('text'));
    app.get('/stream', (_request, reply) => reply.send(Readable.from(['a'])));
    app.get('/error', () => Promise.reject(new Error('broken')));
    app.get('/redirect', (_request, reply) => reply.redirect('/text'));
    app.get('/unchanged', (_request, reply) => reply.code(304).send());
    app.get('/nothing', (_request, reply) => reply.code(204).send());
    for (const url of ['/text', '/stream', '/error', '/redirect', '/unchanged', '/nothing', '/x']) {
      const { headers } = await app.inject({ url });
      expect([url, headers['x-own']]).toEqual([url, 'mine, and "more"']);
    }
    const head = await app.inject({ method: 'HEAD', url: '/text' });
    expect(head.headers['x-own']).toBe('mine, and "more"');
  });

  it('is on files, over what they have, and on event streams', async () => {
    await register({ headers: { 'cache-control': 'no-store', 'Content-Type': 'text/plain' } });
    await app.register(sse);
    app.get('/events', (_request, reply) => {
      const stream = reply.sse();
      stream.send({ data: 'x' });
      stream.close();
      return stream;
    });
    const root = await temporarySite({ 'a.css': 'p {}' });
    const serving = { cleanUrls: true, spa: false, list: false };
    await app.register(serveFiles, { ...serving, root, base: '' });
    for (const url of ['/a.css', '/events']) {
      const { headers } = await app.inject({ url });
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/plain' });
    }
  });

  it('leaves a page with the tag without validators', async () => {
    await register({ headers: { 'cache-control': 'max-age=60', vary: 'Cookie' } });
    await app.register(injectHtml, { snippet: () => () => '<script></script>' });
    app.get('/', (_request, reply) => reply.type('text/html').send('<p>'));
    const { headers } = await app.inject({ url: '/', headers: { 'sec-fetch-dest': 'document' } });
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers.vary).toBe('Cookie, Accept, Sec-Fetch-Dest, Sec-Fetch-Mode');
  });

  it('stays inside the scope of the plugin', async () => {
    await app.register(async (scope) => {
      await scope.register(responseHeaders, { headers: { 'x-own': 'mine' } });
      scope.get('/inside', () => 'a');
    });
    app.get('/outside', () => 'a');
    expect((await app.inject('/inside')).headers['x-own']).toBe('mine');
    expect((await app.inject('/outside')).headers['x-own']).toBeUndefined();
  });

  it.each([
    ['with a line break', { 'x-own': 'a\r\nset-cookie: b' }],
    ['with a line feed', { 'x-own': 'a\nb' }],
    ['with NUL', { 'x-own': 'a\0' }],
    ['with characters that Node cannot send', { 'x-own': '→' }],
    ['without a name', { '': 'a' }],
    ['with a space in its name', { 'x own': 'a' }],
    ['with a colon in its name', { 'x-own:': 'a' }],
    ['with a line break in its name', { 'x-own\r\n': 'a' }],
    ['that frames the body', { 'Content-Length': '3' }],
    ['that frames the body in chunks', { 'transfer-encoding': 'chunked' }],
    ['that tells how the body is encoded', { 'content-encoding': 'gzip' }],
    ['of the connection', { Connection: 'close' }],
    ['of an upgrade', { upgrade: 'h2c' }],
    ['whose value is a number', JSON.parse('{"x-own":1}')],
    ['in a list', JSON.parse('["x-own: a"]')],
  ])('%s is refused at registration', async (_case, headers) => {
    const refusal = expect(Promise.resolve(register({ headers }))).rejects;
    await refusal.toBeInstanceOf(TypeError);
    await refusal.toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
  });
});

describe('cross-origin isolation', () => {
  it('is two headers on every response, which own ones replace', async () => {
    await register({
      crossOriginIsolation: true,
      headers: { 'Cross-Origin-Embedder-Policy': 'credentialless' },
    });
    app.get('/', (_request, reply) =>
      reply.header('cross-origin-resource-policy', 'same-origin').send('a'),
    );
    expect((await app.inject('/')).headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'credentialless',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('is off unless it is asked for', async () => {
    await register({});
    app.get('/', () => 'a');
    const { headers } = await app.inject('/');
    expect(Object.keys(headers).filter((name) => name.startsWith('cross-origin'))).toEqual([]);
  });
});
