import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import { temporarySite } from '../support/temporary-site.ts';

type RouterOptions = NonNullable<FastifyServerOptions['routerOptions']>;

async function appWith(routerOptions: RouterOptions, prefix: string): Promise<FastifyInstance> {
  const app = Fastify({ routerOptions });
  onTestFinished(() => app.close());
  const root = await temporarySite({ 'index.html': '<p>site', 'sub/index.html': '<p>sub' });
  const lib = await temporarySite({ 'index.html': '<p>lib', 'a.txt': 'a' });
  await app.register(devServe, { root, prefix, mount: { '/lib': lib } });
  return app;
}

describe.each([
  {},
  { ignoreTrailingSlash: true },
  { caseSensitive: false },
  { ignoreDuplicateSlashes: true },
])('with the router options %o', (routerOptions) => {
  it.each(['', '/docs', '/docs/'])(
    'files are where they are without them, below "%s"',
    async (prefix) => {
      const app = await appWith(routerOptions, prefix);
      const base = prefix.replace(/\/$/, '');
      for (const [path, text] of [
        // The first request decides nothing for those that come after it.
        ['/lib/', 'lib'],
        ['/lib/a.txt', 'a'],
        ['/lib/index.html', 'lib'],
        ['/', 'site'],
        ['/?a=/b', 'site'],
        ['/index.html', 'site'],
        ['/sub/', 'sub'],
      ]) {
        const { statusCode, body } = await app.inject(`${base}${path}`);
        expect([path, statusCode]).toEqual([path, 200]);
        expect(body).toContain(text);
      }
      const { statusCode, headers } = await app.inject({ method: 'HEAD', url: `${base}/lib/` });
      expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      for (const [path, location] of [
        ['/lib', './lib/'],
        ['/sub?a', './sub/?a'],
        ...(base === '' ? [] : [['', './docs/']]),
      ]) {
        const { statusCode, headers } = await app.inject(`${base}${path}`);
        expect([path, statusCode, headers.location]).toEqual([path, 301, location]);
      }
      expect((await app.inject(`${base}/missing/`)).statusCode).toBe(404);
    },
  );
});
