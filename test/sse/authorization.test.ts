import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import sse, { type SSESource } from '../../plugins/sse.ts';
import { fastifyKinds } from '../support/fastify-kinds.ts';
import { listen } from '../support/sse-app.ts';

/** Milliseconds since the Unix epoch at which each token expires. */
type Tokens = Map<string, number>;

function guardOf(tokens: Tokens) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if ((tokens.get(request.headers.authorization ?? '') ?? 0) > Date.now()) return;
    return reply.code(401).send({ error: 'log in first' });
  };
}

const sources: readonly [string, (app: FastifyInstance) => SSESource][] = [
  ['a channel', (app) => app.channel('news')],
  ['two channels', (app) => [app.channel('news'), app.channel('sport')]],
  [
    'a generator',
    () =>
      async function* ({ signal }) {
        yield 'hello';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
  ],
];

describe.each(fastifyKinds)('over $name', (kind) => {
  it.each(['onRequest', 'preHandler'] as const)(
    'E8: a hook that answers 401 (%s) keeps strangers out, and opens no source',
    async (hook) => {
      const app = kind.create();
      await app.register(sse);
      const handler = vi.fn((_request: FastifyRequest, reply: FastifyReply) =>
        reply.sse(app.channel('news')),
      );
      app.addHook(hook, guardOf(new Map([['Bearer a', Number.POSITIVE_INFINITY]])));
      app.get('/', handler);
      const origin = await listen(app);
      const stranger = kind.visit(origin);
      await expect.poll(() => stranger.ended).toBe(true);
      expect(stranger.status).toBe(401);
      expect(stranger.headers['content-type']).toMatch(/^application\/json/);
      expect(handler).not.toHaveBeenCalled();
      const friend = kind.visit(origin, { headers: { authorization: 'Bearer a' } });
      await expect.poll(() => app.channel('news').size).toBe(1);
      await expect.poll(() => friend.status).toBe(200);
    },
  );

  it.each(sources)(
    'E8: a stream of %s ends when its token expires, and its reconnect gets 401',
    async (_name, of) => {
      const tokens: Tokens = new Map();
      const app = kind.create();
      await app.register(sse, { retry: 250 });
      app.addHook('onRequest', guardOf(tokens));
      app.get('/', (request, reply) => {
        const until = new Date(tokens.get(request.headers.authorization ?? '') ?? 0);
        return reply.sse(of(app), { until });
      });
      const origin = await listen(app);
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
      onTestFinished(() => void vi.useRealTimers());
      tokens.set('Bearer a', Date.now() + 60_000);
      const headers = { authorization: 'Bearer a' };
      const answer = kind.visit(origin, { headers });
      await expect.poll(() => answer.text).toContain('data: ');
      vi.advanceTimersByTime(59_999);
      expect(app.sse.stats().streams).toBe(1);
      vi.advanceTimersByTime(1);
      await expect.poll(() => answer.ended).toBe(true);
      await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
      const [, id = '7'] = /^id: (.+)$/m.exec(answer.text) ?? [];
      const again = kind.visit(origin, { headers: { ...headers, 'last-event-id': id } });
      await expect.poll(() => again.status).toBe(401);
    },
  );
});
