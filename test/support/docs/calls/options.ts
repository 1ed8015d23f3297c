import { setImmediate as turn } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, onTestFinished, vi } from 'vitest';
import sse, { memoryStore } from '../../../../plugins/sse.ts';
import { readEvents } from '../../../../plugins/testing.ts';
import { type Call, newSite } from './handled.ts';

interface Expected {
  readonly retry?: number;
  readonly heartbeatInterval?: number;
  readonly limit?: number;
}

const registers =
  ({ retry = 1000, heartbeatInterval, limit }: Expected): Call =>
  async (run) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const app = Fastify();
    onTestFinished(() => app.close());
    await run({ app, sse, memoryStore });
    const news = app.channel('news');
    let waiting = (): number => 0;
    app.get('/', (_request, reply) => {
      waiting = () => reply.raw.writableLength;
      return reply.sse(news);
    });

    const reader = await readEvents(app, '/', { timeout: 20_000 });
    const { data, id } = await reader.next('dev-serve:position');
    expect(data).toEqual({ recovered: true });
    expect(reader.retry).toBe(retry);

    if (heartbeatInterval !== undefined) {
      while (waiting() > 0) await turn();
      const { bytes } = app.sse.stats();
      // The first finds that something was written since it began.
      vi.advanceTimersByTime(2 * heartbeatInterval - 1);
      await turn();
      expect(app.sse.stats().bytes).toBe(bytes);
      vi.advanceTimersByTime(1);
      await turn();
      expect(app.sse.stats().bytes).toBeGreaterThan(bytes);
    }
    if (limit !== undefined) {
      await reader.close();
      for (let n = 1; n <= 3 * limit; n += 1) await news.publish({ data: n });
      const late = await readEvents(app, '/', { lastEventId: id });
      expect((await late.next('dev-serve:position')).data).toEqual({ recovered: false });
      // It forgets many at a time, and never one of the newest.
      const oldest = Number((await late.next()).data);
      expect(oldest).toBeLessThanOrEqual(2 * limit + 1);
      expect(oldest).toBeGreaterThan(limit);
    }
  };

/** What is registered, and how it is tested. */
export const optionCalls: Readonly<Record<string, Call>> = {
  'app.register(sse, { retry: 2000, heartbeatInterval: 20_000, store: memoryStore({ limit: 500 }) })':
    registers({ retry: 2000, heartbeatInterval: 20_000, limit: 500 }),
  'app.register(sse, { retry: 3000, heartbeatInterval: 8000 })': registers({
    retry: 3000,
    heartbeatInterval: 8000,
  }),
  'app.register(sse, { retry: 5000 })': registers({ retry: 5000 }),
  'app.register(sse, { heartbeatInterval: 30_000 })': registers({ heartbeatInterval: 30_000 }),

  async "readEvents(app, '/news')"(run) {
    const { app, news } = await newSite();
    app.get('/news', (_request, reply) => reply.sse(news));
    const reader = await run({ app, readEvents });
    expect(reader).toMatchObject({ response: { statusCode: 200 } });
    expect(news.size).toBe(1);
  },
};
