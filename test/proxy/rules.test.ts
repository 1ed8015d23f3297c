import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe, { type DevServeOptions } from '../../plugins/dev-serve.ts';
import { ask } from '../support/backends/ask.ts';
import { Backend } from '../support/backends/backend.ts';
import { LiveSite } from '../support/live-site.ts';

const urlAtBackend = async (url: string) => JSON.parse((await ask(url)).text).url;

async function appWith(options: Omit<DevServeOptions, 'root' | 'prefix'> & { prefix?: string }) {
  const app = Fastify();
  onTestFinished(() => app.close());
  const root = await mkdtemp(join(tmpdir(), 'dev-serve-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  app.get('/taken', () => 'taken');
  await app.register(devServe, { root, ...options });
  return app;
}

describe('the rules', () => {
  it('leave the other paths to the site, and the longest path wins', async () => {
    const [one, two] = [await Backend.node('app', 'one'), await Backend.node('app', 'two')];
    const site = await LiveSite.start(
      { 'index.html': 'static', 'apia.html': 'static too' },
      { proxy: { '/api': one.url, '/api/v2': `${two.url}/v1/` } },
    );
    expect((await ask(site.url)).text).toContain('static');
    expect((await ask(`${site.url}apia.html`)).text).toContain('static too');
    expect((await ask(`${site.url}api`)).text).toContain('<h1>one</h1>');
    expect((await ask(`${site.url}api/x`)).text).toContain('<h1>one</h1>');
    expect((await ask(`${site.url}api/v2`)).text).toContain('<h1>two</h1>');
    expect(await urlAtBackend(`${site.url}api/echo?a=1`)).toBe('/api/echo?a=1');
    expect(await urlAtBackend(`${site.url}api/v2/echo?a=1`)).toBe('/v1/echo?a=1');
  });

  it('hold below the prefix of an app, beside its routes', async () => {
    const backend = await Backend.node('app');
    const app = await appWith({ prefix: '/site', serve: false, proxy: `${backend.url}/v1` });
    const url = await app.listen({ port: 0 });
    expect((await ask(`${url}/taken`)).text).toBe('taken');
    expect((await ask(`${url}/echo`)).status).toBe(404);
    expect(await urlAtBackend(`${url}/site/echo`)).toBe('/v1/echo');
    expect((await ask(`${url}/site`)).text).toContain('<h1>hello</h1>');
    expect((await ask(`${url}/site/@dev-serve/x`)).status).toBe(404);
  });

  it('do not take the path of a route', async () => {
    const proxy = { '/taken': 'http://127.0.0.1:1' };
    await expect(appWith({ proxy })).rejects.toThrow(
      'Option "proxy" must leave "/taken/" to the route that is there: choose another path',
    );
    for (const path of ['/events', '/@dev-serve', '/@dev-serve/x']) {
      await expect(appWith({ proxy: { [path]: 'http://127.0.0.1:1' } })).rejects.toThrow(
        `Option "proxy" must leave "${path}/"`,
      );
    }
    await expect(appWith({ proxy: 'http://127.0.0.1:1', serve: true })).rejects.toThrow(
      'Option "proxy" must leave "/"',
    );
  });
});
