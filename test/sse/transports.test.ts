import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import sse, { type SourceContext, type SSESource } from '../../plugins/sse.ts';
import { type FastifyKind, fastifyKinds } from '../support/fastify-kinds.ts';
import { listen } from '../support/sse-app.ts';

interface SourceKind {
  readonly source: string;
  readonly of: (app: FastifyInstance) => SSESource;
}

const sourceKinds: readonly SourceKind[] = [
  { source: 'a channel', of: (app) => app.channel('news') },
  { source: 'two channels', of: (app) => [app.channel('sport'), app.channel('news')] },
  { source: 'a generator', of: (app) => (context) => newsOf(app, context) },
];

const matrix = fastifyKinds.flatMap((kind) =>
  sourceKinds.map((source) => ({ ...kind, ...source })),
);

/** What is published on the channel of news, by a generator of the app's own. */
async function* newsOf(app: FastifyInstance, { signal }: SourceContext) {
  const texts: string[] = [];
  const news = app.channel('news');
  const write = (slice: readonly { readonly data: string }[]) => {
    texts.push(...slice.map(({ data }) => data));
    return true;
  };
  const subscription = news.subscribe({ write, close: () => {} });
  try {
    while (!signal.aborted) {
      yield* texts.splice(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    subscription.end();
  }
}

/** An app with all that may stand between a handler and its client. */
async function appOf({ create }: FastifyKind, { of }: SourceKind): Promise<FastifyInstance> {
  const app = create();
  await app.register(compress, { global: true, threshold: 0 });
  await app.register(cors, { origin: 'https://example.com', credentials: true });
  await app.register(helmet);
  await app.register(sse, { retry: 250 });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('set-cookie', 'session=renewed; HttpOnly');
  });
  app.get('/', (_request, reply) => reply.header('x-own', 'kept').sse(of(app)));
  return app;
}

describe.each(matrix)('over $name, a stream of $source', (kind) => {
  it('has the headers of every plugin and hook, and is not compressed', async () => {
    const app = await appOf(kind, kind);
    const answer = kind.visit(await listen(app), {
      headers: { origin: 'https://example.com', 'accept-encoding': 'br, gzip, deflate' },
    });
    await expect.poll(() => app.channel('news').size).toBe(1);
    await app.channel('news').publish({ data: 'first' });
    await expect.poll(() => answer.text).toContain('data: first\n');
    expect(answer.text).toMatch(/^retry: 250\n/);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': 'https://example.com',
      'access-control-allow-credentials': 'true',
      'set-cookie': ['session=renewed; HttpOnly'],
      'x-content-type-options': 'nosniff',
      'x-own': 'kept',
    });
    expect(answer.headers['content-security-policy']).toBeDefined();
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers['content-length']).toBeUndefined();
    answer.leave();
    await expect.poll(() => app.channel('news').size).toBe(0);
  });

  it('ends in good order with the server, and with a time to come back', async () => {
    const app = await appOf(kind, kind);
    const answer = kind.visit(await listen(app));
    await expect.poll(() => app.channel('news').size).toBe(1);
    const started = performance.now();
    const closing = app.close();
    await expect.poll(() => answer.ended).toBe(true);
    await closing;
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(answer.text).toMatch(/retry: \d+\n$/);
  });
});

describe.each(fastifyKinds)('over $name, a browser of another origin', (kind) => {
  it('may send Last-Event-ID, and resumes by it', async () => {
    const app = await appOf(kind, sourceKinds[0] ?? expect.fail());
    const origin = await listen(app);
    const preflight = kind.visit(origin, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://example.com',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'last-event-id,authorization',
      },
    });
    await expect.poll(() => preflight.ended).toBe(true);
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'last-event-id,authorization',
    });
    const id = await app.channel('news').publish({ data: 'known' });
    await app.channel('news').publish({ data: 'missed' });
    const resumed = kind.visit(origin, {
      headers: { origin: 'https://example.com', 'last-event-id': id },
    });
    await expect.poll(() => resumed.text).toContain('data: missed\n');
    expect(resumed.text).toContain('"recovered":true');
    expect(resumed.text).not.toContain('known');
    expect(resumed.headers['access-control-allow-origin']).toBe('https://example.com');
  });

  it('gets nothing of a stream by HEAD, at once', async () => {
    const app = await appOf(kind, sourceKinds[2] ?? expect.fail());
    const answer = kind.visit(await listen(app), { method: 'HEAD' });
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(app.sse.stats().streams).toBe(0);
  });
});
