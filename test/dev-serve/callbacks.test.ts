import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import devServe, { type DevServeOptions } from '../../plugins/dev-serve.ts';
import { soon } from '../support/chromium.ts';
import { temporarySite } from '../support/temporary-site.ts';

const fail = () => {
  throw new Error('mine');
};
const reject = () => Promise.reject(new Error('mine'));

async function start(options: Omit<DevServeOptions, 'root' | 'prefix'>) {
  const root = await temporarySite({ 'index.html': '<!doctype html><p>one', '.env': '' });
  const errors: string[] = [];
  const stream = { write: (line: string) => void errors.push(JSON.parse(line).msg) };
  const app = Fastify({ logger: { level: 'error', stream } });
  onTestFinished(() => app.close());
  await app.register(devServe, { root, ...options });
  app.get('/strict', (_request, reply) =>
    reply
      .header('content-security-policy', "script-src 'none'")
      .type('text/html')
      .send('<!doctype html><p>strict'),
  );
  await app.ready();
  return { app, errors, save: (text: string) => writeFile(join(root, 'index.html'), text) };
}

describe('a callback of the user', () => {
  it.each([
    ['throws', fail],
    ['rejects', reject],
    ['never returns', () => new Promise<void>(() => {})],
  ])('that %s keeps nobody else from being told', async (_, onChange) => {
    const outcomes: string[] = [];
    const { save } = await start({
      onChange,
      onOutcome: ({ event }) => outcomes.push(event.path),
    });
    await save('two');
    await expect.poll(() => outcomes, soon).toEqual(['/index.html']);
  });

  it('that fails is logged by its name', async () => {
    const { save, errors } = await start({ onChange: fail, onOutcome: reject, onIgnored: fail });
    await save('two');
    await expect
      .poll(() => new Set(errors), soon)
      .toEqual(new Set(['onChange failed', 'onOutcome failed', 'onIgnored failed']));
  });

  it('that fails costs no page', async () => {
    const { app, errors } = await start({ onNotice: fail });
    const headers = { accept: 'text/html', 'sec-fetch-dest': 'document' };
    const page = await app.inject({ url: '/strict', headers });
    expect([page.statusCode, errors]).toEqual([200, ['onNotice failed']]);
  });
});

describe('an instance that is off', () => {
  it.each([
    ['around', true],
    ['in the place of', false],
  ])('%s one that is on does not keep it from its work', async (_, isAround) => {
    const root = await temporarySite({ 'index.html': '<!doctype html><p>one' });
    const app = Fastify();
    onTestFinished(() => app.close());
    await app.register(devServe, { root, enabled: false });
    await app.devServe.reload();
    if (isAround) {
      await app.register(async (scope) => {
        await scope.register(devServe, { root, enabled: true });
      });
    } else {
      await app.register(devServe, { root, enabled: true });
    }
    expect((await app.inject('/')).body).toContain('/@dev-serve/client.js');
  });
});

describe('a request that no route answers', () => {
  it.each(['sse', 'websocket', 'both'] as const)(
    'is none for events, with the method %s',
    async (streamMethod) => {
      const cors = ['https://app.example.com'];
      const { app } = await start({ streamMethod, serve: false, cors });
      const foreign = { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' };
      const missing = await app.inject({ url: '/none', headers: foreign });
      expect(missing.statusCode).toBe(404);
      const preflight = { ...foreign, 'access-control-request-method': 'GET' };
      const { statusCode } = await app.inject({
        method: 'OPTIONS',
        url: '/a.css',
        headers: preflight,
      });
      expect(statusCode).toBe(204);
    },
  );
});

describe('an option that cannot be meant', () => {
  it.each([
    ['proxy', { proxy: 8000 }],
    ['mount', { mount: true }],
    ['mount', { mount: { '/lib': '.', '/lib/': '.' } }],
    ['webhook', { webhook: 'http://127.0.0.1' }],
    ['eventPath', { mount: { '/events': '.' } }],
    ['onChange', { onChange: 'x' }],
  ])('is refused by its name: %s', async (name, options) => {
    const root = await temporarySite({});
    const app = Fastify();
    onTestFinished(() => app.close());
    // @ts-expect-error: of the wrong type.
    const registered = app.register(devServe, { root, ...options });
    await expect(Promise.resolve(registered)).rejects.toThrow(`Option "${name}"`);
  });

  it('is refused where chokidar would take it from its variable', async () => {
    vi.stubEnv('CHOKIDAR_INTERVAL', 'abc');
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(start({ poll: true })).rejects.toThrow('Option "CHOKIDAR_INTERVAL"');
  });
});
