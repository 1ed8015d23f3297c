import { once } from 'node:events';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import devServe from '../../plugins/dev-serve.ts';
import sse from '../../plugins/sse.ts';
import { temporarySite } from '../support/temporary-site.ts';

const PAGE = '<!doctype html><head><title>A page</title></head>';
const TAG =
  /<script src="\/@dev-serve\/client\.js" data-build="\d{13}" data-cursor="[0-9a-z]+-\d+"(?: data-file="[^"]+")?><\/script>/;

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
    ['a web stream', () => new Blob([PAGE]).stream()],
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

  it('keeps its events apart from channels of the app, and serves its own route beside theirs', async () => {
    const app = newApp();
    await app.register(sse, { retry: 4321 });
    await app.register(devServe, { root: await temporarySite({}) });
    app.get('/files', (_request, reply) => reply.sse(app.channel('files')));
    expect(app.channel('files').size).toBe(0);
    const own = await app.inject({ url: '/files', payloadAsStream: true });
    expect(String(own.stream().read())).toContain('retry: 4321\n');
    expect(app.channel('files').size).toBe(1);
    const events = await app.inject({ url: '/events', payloadAsStream: true });
    expect(String(events.stream().read())).toContain('retry: 500\n');
    expect(app.channel('files').size).toBe(1);
  });

  it('sends its files with its own options, whatever the @fastify/static of the app is told', async () => {
    const app = newApp();
    const root = await temporarySite({ 'index.html': PAGE, 'index.html.gz': 'x', 'a.css': 'a{}' });
    await app.register(fastifyStatic, {
      root,
      prefix: '/assets/',
      preCompressed: true,
      allowedPath: () => false,
      setHeaders: (reply) => void reply.header('cache-control', 'immutable'),
    });
    await app.register(devServe, { root });
    const page = await app.inject({
      url: '/',
      headers: { ...document, 'accept-encoding': 'gzip' },
    });
    expect(page.body).toMatch(TAG);
    const { headers, body } = await app.inject('/a.css');
    expect([body, headers['cache-control']]).toEqual(['a{}', 'no-cache']);
  });

  it('serves nothing when told so', async () => {
    const app = newApp();
    const root = await temporarySite({ 'index.html': PAGE });
    await app.register(devServe, { root, serve: false });
    expect((await app.inject('/')).statusCode).toBe(404);
    expect((await app.inject('/@dev-serve/client.js')).statusCode).toBe(200);
  });

  it('leaves the URL of a request as it came for the hooks of the app', async () => {
    const app = newApp();
    const urls: string[] = [];
    app.addHook('onResponse', async (request) => void urls.push(request.originalUrl, request.url));
    await app.register(devServe, { root: await temporarySite({ 'index.html': PAGE }) });
    await app.inject('/?utm=1');
    expect(urls).toEqual(['/?utm=1', '/?utm=1']);
  });

  it.each(['/site', '/site/'])(
    'works and is guarded in a scope with the prefix %s',
    async (prefix) => {
      const app = newApp();
      const root = await temporarySite({ 'index.html': PAGE, 'css/a.css': 'a{}' });
      await app.register(async (scope) => scope.register(devServe, { root }), { prefix });
      const page = await app.inject({ url: '/site/', headers: document });
      expect(page.body).toContain('src="/site/@dev-serve/client.js"');
      expect((await app.inject('/site/css/a.css')).body).toBe('a{}');
      expect((await app.inject('/site/@dev-serve/client.js')).body).toContain('"base":"/site/"');
      const foreign = { origin: 'http://evil.test', accept: 'text/event-stream' };
      expect((await app.inject({ url: '/site/events', headers: foreign })).statusCode).toBe(403);
    },
  );

  it('adds the prefix of its options to that of its scope', async () => {
    const app = newApp();
    const root = await temporarySite({ 'index.html': PAGE });
    const register = async (scope: FastifyInstance) => {
      await scope.register(devServe, { root, prefix: '/b' });
    };
    await app.register(register, { prefix: '/a' });
    expect((await app.inject('/a/b/')).body).toContain('src="/a/b/@dev-serve/client.js"');
    expect((await app.inject('/a/b/@dev-serve/client.js')).body).toContain(
      '"events":"/a/b/events"',
    );
  });

  it('keeps its streams open whatever time the app gives its handlers', async () => {
    const app = Fastify({ handlerTimeout: 50 });
    onTestFinished(() => app.close());
    await app.register(devServe, { root: await temporarySite({}) });
    app.get('/slow', () => new Promise(() => {}));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const headers = { accept: 'text/event-stream' };
    const request = get(`${url}/events`, { headers, agent: false });
    const [response] = await once(request, 'response');
    const ended = once(response.resume(), 'close').then(() => 'ended');
    // One that began later has run out of time by then.
    const timedOut = fetch(`${url}/slow`).then(({ status }) => status);
    expect(await Promise.race([ended, timedOut])).toBe(503);
    expect(response.closed).toBe(false);
    request.destroy();
  });

  it('judges by origin only what is its own', async () => {
    const app = newApp();
    await app.register(fastifyWebsocket);
    await app.register(devServe, { root: await temporarySite({}) });
    app.get('/chat', { websocket: true }, (socket) => socket.send('welcome'));
    const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws');
    const origin = 'http://localhost:5173';
    const [message] = await once(new WebSocket(`${url}/chat`, { origin }), 'message');
    expect(String(message)).toBe('welcome');
    const refused = new WebSocket(`${url}/events/ws`, { origin });
    expect(String(await once(refused, 'open').catch((error) => error))).toContain('403');
  });

  it('redirects its prefix to the folder', async () => {
    const app = newApp();
    await app.register(devServe, { root: await temporarySite({}), prefix: '/docs/' });
    const { statusCode, headers } = await app.inject('/docs?a=1');
    expect([statusCode, headers.location]).toEqual([301, './docs/?a=1']);
  });

  it('lives beside an @fastify/websocket of the app and its routes', async () => {
    const app = newApp();
    await app.register(fastifyWebsocket);
    await app.register(devServe, { root: await temporarySite({}) });
    app.get('/echo', { websocket: true }, (socket) => {
      socket.on('message', (data) => socket.send(data));
    });
    const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws');
    const [echo, events] = [
      new WebSocket(`${url}/echo`),
      new WebSocket(`${url}/events/ws`, 'dev-serve'),
    ];
    const position = once(events, 'message');
    await once(echo, 'open');
    const echoed = once(echo, 'message');
    echo.send('hello'.repeat(1000));
    expect(String((await echoed)[0])).toBe('hello'.repeat(1000));
    expect(String((await position)[0])).toContain('dev-serve:position');
    const closed = Promise.all([once(echo, 'close'), once(events, 'close')]);
    await app.close();
    await closed;
  });

  it('can be there twice, in scopes of their own', async () => {
    const app = newApp();
    const roots = [
      await temporarySite({ 'i.html': PAGE }),
      await temporarySite({ 'i.html': PAGE }),
    ];
    await app.register(fastifyWebsocket);
    for (const [index, root] of roots.entries()) {
      await app.register(async (scope) => scope.register(devServe, { root }), {
        prefix: `/site${index}`,
      });
    }
    for (const index of [0, 1]) {
      const { body } = await app.inject(`/site${index}/i.html`);
      expect(body.match(/<script src="[^"]+"/g)).toEqual([
        `<script src="/site${index}/@dev-serve/client.js"`,
      ]);
    }
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

  it.each([
    ['production', 404],
    ['development', 200],
  ])('is on or off by NODE_ENV (%s)', async (environment, status) => {
    vi.stubEnv('NODE_ENV', environment);
    onTestFinished(() => void vi.unstubAllEnvs());
    const app = newApp();
    await app.register(devServe, { root: '.' });
    expect((await app.inject('/@dev-serve/client.js')).statusCode).toBe(status);
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

  it.each([
    ['a watch list that is none', { watch: 'views' as never }],
    ['hosts that are no list', { allowedHosts: 'a.test' as never }],
    ['hosts that are no strings', { allowedHosts: [1] as never }],
    ['origins that are no list', { allowedOrigins: 'http://a' as never }],
    ['a listener that is none', { onChange: 'x' as never }],
    ['a switch that is none', { enabled: 'no' as never }],
    ['a serve that is none', { serve: 1 as never }],
    ['a prefix with a space', { prefix: '/a b' }],
  ])('with %s is refused with a coded TypeError too', async (_name, options) => {
    const register = async () => newApp().register(devServe, { root: '.', ...options });
    const error = await register().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
  });

  it('twice in one scope, or below one, is refused', async () => {
    const app = newApp();
    await app.register(devServe, { root: '.' });
    const again = async () => app.register(devServe, { root: '.', prefix: '/b' });
    await expect(again()).rejects.toMatchObject({ code: 'DEV_SERVE_ERR_REGISTERED_TWICE' });
  });

  it('in two scopes without an @fastify/websocket for both is refused', async () => {
    const app = newApp();
    const register = async (prefix: string) =>
      app.register(async (scope) => scope.register(devServe, { root: '.' }), { prefix });
    await register('/a');
    await expect(register('/b')).rejects.toMatchObject({ code: 'DEV_SERVE_ERR_WEBSOCKET_TWICE' });
  });

  it.each([
    ['/events', 'both'],
    ['/events/ws', 'websocket'],
  ] as const)('with an event path that the app uses (%s) is refused', async (url, streamMethod) => {
    const app = newApp();
    app.get(url, () => 'mine');
    const register = async () => app.register(devServe, { root: '.', streamMethod });
    await expect(register()).rejects.toThrow(`leads to "${url}", a route already: choose another`);
  });

  it('below a prefix that differs from request to request is refused', async () => {
    const register = async (scope: FastifyInstance) =>
      void (await scope.register(devServe, { root: '.' }));
    await expect(newApp().register(register, { prefix: '/:tenant' })).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_INVALID_OPTION',
    });
  });
});
