import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const FILES: Readonly<Record<string, string>> = {
  'index.html': '<p>home',
  'a.css': 'a{}',
  '.dot': 'x',
  'server.key': 'x',
  'sub/x.txt': '',
};

describe('N1: another method than GET and HEAD for a file, in an app', () => {
  async function appWith(prefix: string, hasHandler: boolean) {
    const root = await temporarySite(FILES);
    const app = Fastify();
    onTestFinished(() => app.close());
    if (hasHandler)
      app.setNotFoundHandler(({ method }, reply) => reply.send(`passed on ${method}`));
    if (prefix === '') await app.register(devServe, { root });
    else await app.register(async (scope) => void scope.register(devServe, { root }), { prefix });
    return app;
  }

  it.each(['', '/docs'])('is what its not-found handler answers, below %j', async (prefix) => {
    const app = await appWith(prefix, true);
    for (const path of ['/', '/a.css', '/sub/', '/none']) {
      const { statusCode, body } = await app.inject({ method: 'POST', url: prefix + path });
      expect([path, statusCode, body]).toEqual([path, 200, 'passed on POST']);
    }
  });

  it.each(['', '/docs'])('is 404 as anything without a route, below %j', async (prefix) => {
    const app = await appWith(prefix, false);
    for (const path of ['/a.css', '/none']) {
      const { statusCode, headers } = await app.inject({ method: 'PUT', url: prefix + path });
      expect([path, statusCode, headers.allow]).toEqual([path, 404, undefined]);
    }
  });
});

describe('N1: with createDevServer()', () => {
  async function serve(options: Omit<DevServerOptions, 'root'>, files = FILES) {
    const { app, close } = await createDevServer({ root: await temporarySite(files), ...options });
    onTestFinished(close);
    const ask = async (url: string, method: 'GET' | 'POST') =>
      (await app.inject({ url, method })).statusCode;
    return { app, ask };
  }

  it.each<[Omit<DevServerOptions, 'root'>, Record<string, number>]>([
    [{}, { '/a.css': 200, '/.dot': 404, '/server.key': 404, '/sub/': 200, '/sub': 301 }],
    [{ dotfiles: true }, { '/.dot': 200, '/server.key': 404 }],
    [{ sensitiveFiles: true }, { '/.dot': 404, '/server.key': 200 }],
    [{ spa: true }, { '/a.css': 200, '/sub/': 404 }],
    [{ list: false }, { '/a.css': 200, '/sub/': 404 }],
  ])('%j what GET shows is 405 for POST, and nothing else', async (options, paths) => {
    const { ask } = await serve(options);
    for (const [path, status] of Object.entries(paths)) {
      expect([path, await ask(path, 'GET')]).toEqual([path, status]);
      expect([path, await ask(path, 'POST')]).toEqual([path, status === 404 ? 404 : 405]);
    }
  });

  it('a mount keeps its own rules, and covers what the root has below its path', async () => {
    const lib = await temporarySite({ 'deep/x.js': '', 'only/x.js': '' });
    const inner = await temporarySite({ 'y.js': '' });
    const { ask } = await serve(
      { spa: true, mount: { '/lib': lib, '/lib/deep': inner } },
      { ...FILES, 'lib/hidden.txt': '' },
    );
    const paths = {
      '/lib/': 200,
      '/lib': 301,
      '/lib/only/': 200,
      '/lib/only/x.js': 200,
      '/lib/deep/y.js': 200,
      '/lib/deep/x.js': 404,
      '/lib/hidden.txt': 404,
      '/library': 404,
    };
    for (const [path, status] of Object.entries(paths)) {
      expect([path, await ask(path, 'GET')]).toEqual([path, status]);
      expect([path, await ask(path, 'POST')]).toEqual([path, status === 404 ? 404 : 405]);
    }
  });

  it('a not-found handler of a scope comes first', async () => {
    const { app, ask } = await serve({});
    app.register(
      async (scope) => {
        scope.setNotFoundHandler((_request, reply) => reply.code(202).send('mine'));
      },
      { prefix: '/sub' },
    );
    expect(await ask('/sub/x.txt', 'POST')).toBe(202);
    expect(await ask('/a.css', 'POST')).toBe(405);
  });
});
