import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, onTestFinished, vi } from 'vitest';
import { POSITION } from '../../../plugins/events/message.ts';
import type { SSEOptions } from '../../../plugins/sse.ts';
import type { Received } from '../contiguity.ts';
import { listen as read } from '../docs/listen.ts';
import { listen, sseApp } from '../sse-app.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** A server with a channel at `/`, or with what a handler of the test's makes of it. */
export async function startNews(options: SSEOptions = {}, handler?: Handler) {
  const app = await sseApp({ retry: 100, ...options });
  const news = app.channel('news');
  app.get('/', (request, reply) => handler?.(request, reply) ?? reply.sse(news));
  const origin = await listen(app);
  await news.open();
  return {
    app,
    news,
    origin,
    /** Collects what one client gets; resolves once it has been told where it is. */
    async client(query = '', lastEventId?: string): Promise<Received[]> {
      const events = read(`${origin}/${query}`, lastEventId);
      await expect.poll(() => events.length, { timeout: 20_000 }).toBeGreaterThan(0);
      return events;
    },
  };
}

/** What an app has sent, without what dev-serve adds. */
export function sent(events: readonly Received[]): Received[] {
  return events.filter(({ event }) => event !== POSITION);
}

export function dataOf(events: readonly Received[]): string[] {
  return sent(events).map(({ data }) => data);
}

/** Fails the test if one of its promises is left to reject. */
export function noRejections(): void {
  const rejected = vi.fn();
  process.on('unhandledRejection', rejected);
  onTestFinished(() => {
    process.off('unhandledRejection', rejected);
    expect(rejected).not.toHaveBeenCalled();
  });
}
