import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import { temporarySite } from '../support/temporary-site.ts';

const URL_PATH = '/@dev-serve/client.js';

async function app(options: object) {
  const fastify = Fastify();
  onTestFinished(() => fastify.close());
  await fastify.register(devServe, { root: await temporarySite({}), enabled: true, ...options });
  return fastify;
}

it('the client is asked for by each page, and sent again only where it is another one', async () => {
  const first = await app({});
  const { headers, body } = await first.inject(URL_PATH);
  expect(headers['cache-control']).toBe('no-cache');
  expect(headers.etag).toMatch(/^"[\w-]{43}"$/);
  const ask = (fastify: typeof first, etag: unknown) =>
    fastify.inject({ url: URL_PATH, headers: { 'if-none-match': String(etag) } });
  const again = await ask(first, headers.etag);
  expect([again.statusCode, again.body]).toEqual([304, '']);
  expect(again.headers).toMatchObject({ etag: headers.etag, 'cache-control': 'no-cache' });
  expect((await ask(first, '"another"')).body).toBe(body);
  // What it has to know of the server is in it.
  const other = await ask(await app({ eventPath: '/changes' }), headers.etag);
  expect(other.statusCode).toBe(200);
  expect(other.body).toContain('/changes');
});
