import { Readable } from 'node:stream';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import sse from '../../plugins/sse.ts';
import { temporarySite } from '../support/temporary-site.ts';

const PAGE = '<!doctype html><head><title>A page</title></head>';
const TAG =
  /<script src="\/@dev-serve\/client\.js" data-build="\d{13}" data-cursor="[0-9a-z]+-\d+"><\/script>/;

function newApp(): FastifyInstance {
  const app = Fastify();
  onTestFinished(() => app.close());
  return app;
}

const document = { accept: 'text/html', 'sec-fetch-dest': 'document' };

describe('the plugin in an existing app', () => {
  it('serves the root with the client as the first thing in the head', async () => {
    const app = newApp();
    await app.register(devServe, { root: await temporarySite({ 'index.html': PAGE }) });
    const { body, headers } = await app.inject({ url: '/', headers: document });
    expect(body).toMatch(new RegExp(`^<!doctype html><head>${TAG.source}<title>`));
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
    });
  });

  it.each([
    ['a string', () => PAGE],
    ['a Buffer', () => Buffer.from(PAGE)],
    ['a stream', () => Readable.from([PAGE.slice(0, 20), PAGE.slice(20)])],
  ])('injects into a page the app renders as %s', async (_name, render) => {
    const app = newApp();
    await app.register(devServe, { root: await temporarySite({}) });
    app.get('/rendered', (_request, reply) => reply.type('text/html').send(render()));
    const { body } = await app.inject({ url: '/rendered', headers: document });
    expect(body).toMatch(TAG);
    expect(body.replace(TAG, '')).toBe(PAGE);
  });

  it('leaves the routes of other scopes alone', async () => {
    const app = newApp();
    const root = await temporarySite({});
    await app.register(async (docs) => {
      await docs.register(devServe, { root });
      docs.get('/inside', (_request, reply) => reply.type('text/html').send(PAGE));
    });
    app.get('/outside', (_request, reply) => reply.type('text/html').send(PAGE));
    expect((await app.inject('/inside')).body).toMatch(TAG);
    expect((await app.inject('/outside')).body).toBe(PAGE);
  });

  it('works below a prefix of its own', async () => {
    const app = newApp();
    const root = await temporarySite({ 'a b.html': PAGE });
    await app.register(devServe, { root, prefix: '/docs' });
    const { body } = await app.inject('/docs/a%20b.html');
    const src = /src="([^"]+)"/.exec(body)?.[1];
    expect(src).toBe('/docs/@dev-serve/client.js');
    const script = await app.inject(src ?? '');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.body).toContain('"events":"/docs/events"');
    expect(script.body).toContain('"base":"/docs/"');
    expect((await app.inject('/a%20b.html')).statusCode).toBe(404);
  });

  it('works below the prefix of the scope that registers it', async () => {
    const app = newApp();
    const root = await temporarySite({ 'index.html': PAGE });
    await app.register(async (scope) => scope.register(devServe, { root }), { prefix: '/docs' });
    const { body } = await app.inject('/docs/');
    expect(body).toContain('src="/docs/@dev-serve/client.js"');
  });

  it('leaves serving to @fastify/static when the app has registered that', async () => {
    const app = newApp();
    const root = await temporarySite({ 'index.html': PAGE, 'a.css': 'a{}' });
    await app.register(fastifyStatic, { root });
    await app.register(devServe, { root });
    const page = await app.inject({ url: '/', headers: document });
    expect(page.body).toMatch(TAG);
    expect(page.headers.etag).toBeUndefined();
    expect((await app.inject('/a.css')).headers.etag).toBeDefined();
  });

  it('uses the channel of the app, if it has any', async () => {
    const app = newApp();
    await app.register(sse, { retry: 4321 });
    await app.register(devServe, { root: await temporarySite({}) });
    expect(app.channel('files').lastEventId).toMatch(/-0$/);
  });

  it('adds no decorator that the app would miss in production', async () => {
    const app = newApp();
    await app.register(devServe, { root: await temporarySite({}) });
    expect(app.hasDecorator('channel')).toBe(false);
    expect(app.hasReplyDecorator('sse')).toBe(false);
    expect(app.hasReplyDecorator('sendFile')).toBe(false);
    await app.register(sse);
    app.get('/mine', (_request, reply) => reply.sse(async function* () {}));
    expect((await app.inject('/mine')).body).toBe('retry: 1000\n');
  });

  it('does nothing but say so in production', async () => {
    const lines: string[] = [];
    const app = Fastify({ logger: { stream: { write: (line) => lines.push(line) } } });
    onTestFinished(() => app.close());
    await app.register(devServe, { root: 'no such directory', enabled: false });
    app.get('/', (_request, reply) => reply.type('text/html').send(PAGE));
    expect((await app.inject('/')).body).toBe(PAGE);
    expect((await app.inject('/events')).statusCode).toBe(404);
    expect(lines.filter((line) => line.includes('dev-serve is off'))).toHaveLength(1);
  });

  it('lets @fastify/static, inert or not, work as in production', async () => {
    const app = newApp();
    await app.register(devServe, { root: await temporarySite({ 'a.txt': 'a' }) });
    expect((await app.inject('/a.txt')).body).toBe('a');
    expect((await app.inject({ method: 'HEAD', url: '/a.txt' })).headers['content-length']).toBe(
      '1',
    );
  });
});

describe('registering the plugin', () => {
  it.each([
    ['no root', { root: undefined as never }, 'Option "root" must be a directory path'],
    ['a root that is not there', { root: '/no/such' }, 'No such directory: /no/such'],
    ['a root that is a file', { root: import.meta.filename }, 'Not a directory: '],
    [
      'an event path without a slash',
      { root: '.', eventPath: 'x' },
      'Option "eventPath" must be a URL',
    ],
    [
      'an unknown method',
      { root: '.', streamMethod: 'udp' as never },
      'one of sse, websocket, both',
    ],
    ['a host that is none', { root: '.', allowedHosts: ['http://a'] }, 'allowedHosts'],
    ['an origin that is none', { root: '.', allowedOrigins: ['a'] }, 'allowedOrigins'],
  ])('with %s is refused with a coded TypeError', async (_name, options, text) => {
    const app = newApp();
    const error = await Promise.resolve(app.register(devServe, options)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^DEV_SERVE_ERR_(INVALID_OPTION|NO_DIRECTORY)$/),
      message: expect.stringContaining(text),
    });
  });

  it('with an event path that the app uses is refused', async () => {
    const app = newApp();
    app.get('/events', () => 'mine');
    const error = await Promise.resolve(app.register(devServe, { root: '.' })).catch((e) => e);
    expect(error.message).toContain('"/events" is a route already: choose another');
  });
});
