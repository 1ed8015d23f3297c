import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import sse from '../../plugins/sse.ts';

it('headers of @fastify/cors and @fastify/helmet are on the stream, @fastify/compress leaves it', async () => {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(cors, { origin: 'https://example.com' });
  await app.register(helmet);
  await app.register(compress, { global: true, threshold: 0 });
  await app.register(sse);
  app.get('/', (_request, reply) =>
    reply.header('x-own', 'kept').sse(async function* () {
      yield 'a';
    }),
  );
  const { headers, body } = await app.inject({
    url: '/',
    headers: { origin: 'https://example.com', 'accept-encoding': 'gzip, br' },
  });
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'access-control-allow-origin': 'https://example.com',
    'x-own': 'kept',
  });
  expect(headers['content-security-policy']).toBeDefined();
  expect(headers['content-encoding']).toBeUndefined();
  expect(body).toBe('retry: 1000\ndata: a\n\n');
});
