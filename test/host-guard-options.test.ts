import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import hostGuard, { type HostGuardOptions } from '../plugins/host-guard.ts';

let app: FastifyInstance;
let log: string;
afterEach(async () => {
  vi.unstubAllEnvs();
  await app.close();
});

async function start(options: HostGuardOptions = {}) {
  log = '';
  const stream = { write: (line: string) => (log += line) };
  app = Fastify({ logger: { level: 'warn', stream } });
  await app.register(hostGuard, options);
  app.get('/', () => 'a page');
  return async (host: string) => (await app.inject({ url: '/', headers: { host } })).statusCode;
}

describe('H3: the options of the guard', () => {
  it.each([
    { allowedHosts: ['http://dev.example'] },
    { allowedHosts: ['*'] },
    { allowedOrigins: ['dev.example'] },
  ])('are checked at registration: %j', async (options) => {
    await expect(start(options)).rejects.toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
  });

  it('open the server to every host with a warning', async () => {
    const status = await start({ allowedHosts: true });
    expect(await status('anything.example')).toBe(200);
    expect(await status('a/b')).toBe(400);
    expect(log).toContain('DNS rebinding');
  });

  it('are not changed by the guard', async () => {
    const options = Object.freeze({ allowedHosts: Object.freeze(['Dev.Example']) });
    const status = await start(options);
    expect(await status('dev.example')).toBe(200);
  });
});

describe('H3: the variable DEV_SERVE_ALLOWED_HOSTS', () => {
  it('adds hosts, separated by commas', async () => {
    vi.stubEnv('DEV_SERVE_ALLOWED_HOSTS', 'one.example, .two.example,');
    const status = await start({ allowedHosts: ['three.example'] });
    for (const host of ['one.example', 'a.two.example', 'three.example']) {
      expect(await status(host)).toBe(200);
    }
    expect(await status('a.one.example')).toBe(403);
  });

  it('is checked like the option', async () => {
    vi.stubEnv('DEV_SERVE_ALLOWED_HOSTS', '*');
    await expect(start()).rejects.toThrow(/DEV_SERVE_ALLOWED_HOSTS/);
  });
});

describe('the scope of the guard', () => {
  it('is the one that registers it', async () => {
    app = Fastify();
    app.get('/outside', () => 'open');
    await app.register(async (scope) => {
      await scope.register(hostGuard);
      scope.get('/inside', () => 'guarded');
    });
    const headers = { host: 'evil.example' };
    expect((await app.inject({ url: '/outside', headers })).statusCode).toBe(200);
    expect((await app.inject({ url: '/inside', headers })).statusCode).toBe(403);
  });
});
