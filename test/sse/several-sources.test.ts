import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { SSESource } from '../../plugins/sse.ts';
import { visit } from '../support/event-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

async function* countTo(last: number, name: string) {
  for (let n = 1; n <= last; n += 1) yield { event: name, data: n };
}

const dataOf = (text: string, event: string) =>
  [...text.matchAll(/^event: (.+)\ndata: (.+)$/gm)].flatMap(([, type, data]) =>
    type === event ? [Number(data)] : [],
  );

const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('one stream of several sources', () => {
  it('carries each in its order, and ends with the last of them', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) =>
      reply.sse([() => countTo(500, 'a'), countTo(20, 'b'), Readable.from(countTo(300, 'c'))]),
    );
    const answer = visit(await listen(app));
    await expect.poll(() => answer.ended).toBe(true);
    expect(dataOf(answer.text, 'a')).toEqual(oneTo(500));
    expect(dataOf(answer.text, 'b')).toEqual(oneTo(20));
    expect(dataOf(answer.text, 'c')).toEqual(oneTo(300));
  });

  it('goes on with its channel when the others have come to their end', async () => {
    const app = await sseApp();
    const [news, sport] = [app.channel('news'), app.channel('sport')];
    app.get('/', (_request, reply) => {
      const sources: SSESource = [news, sport, () => countTo(3, 'count')];
      return reply.sse(sources, { filter: ({ data }) => data !== 'secret' });
    });
    const origin = await listen(app);
    const answer = visit(origin);
    await expect.poll(() => dataOf(answer.text, 'count')).toEqual([1, 2, 3]);
    await news.publish({ data: 'secret' });
    await news.publish({ event: 'news', data: 4 });
    const id = await sport.publish({ event: 'sport', data: 5 });
    await expect.poll(() => answer.text).toContain(`id: ${id}\n`);
    expect(answer.ended).toBe(false);
    expect(answer.text).not.toContain('secret');
    const resumed = visit(origin, { headers: { 'last-event-id': id } });
    await expect.poll(() => resumed.text).toContain('"recovered":true');
  });

  it('keeps a place to resume from on every event of its channels, and moves it by no other', async () => {
    const app = await sseApp();
    const news = app.channel('news');
    app.get('/', (_request, reply) => reply.sse([news, () => countTo(50, 'count')]));
    const origin = await listen(app);
    const first = await news.publish({ event: 'news', data: 1 });
    await news.publish({ event: 'news', data: 2 });
    const answer = visit(origin, { headers: { 'last-event-id': first } });
    await expect.poll(() => dataOf(answer.text, 'news')).toEqual([2]);
    await expect.poll(() => dataOf(answer.text, 'count')).toEqual(oneTo(50));
    const ids = [...answer.text.matchAll(/^id: .*-(\d+)$/gm)].map(([, seq]) => Number(seq));
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    expect(ids.at(-1)).toBe(2);
  });

  it('stops them all in the tick in which the client leaves', async () => {
    const app = await sseApp();
    const news = app.channel('news');
    const seen: unknown[] = [];
    const readable = new Readable({ objectMode: true, read() {} });
    const returned = vi.fn(async () => ({ done: true as const, value: undefined }));
    app.get('/', (_request, reply) => {
      const signals: AbortSignal[] = [];
      const stream = reply.sse([
        news,
        readable,
        ({ signal }) => {
          signals.push(signal);
          return {
            [Symbol.asyncIterator]: () => ({
              next: () => new Promise<never>(() => {}),
              return: returned,
            }),
          };
        },
        async function* ({ signal }) {
          signals.push(signal);
          yield 'hello';
          await once(signal, 'abort');
        },
      ]);
      reply.raw.once('close', () => {
        // Queued behind what the stream does, and before the event loop goes on.
        process.nextTick(() => {
          const aborted = signals.map((signal) => signal.aborted);
          seen.push(
            stream.open,
            aborted,
            readable.destroyed,
            returned.mock.calls.length,
            news.size,
          );
        });
      });
      return stream;
    });
    const answer = visit(await listen(app));
    await expect.poll(() => answer.text).toContain('data: hello\n');
    expect(news.size).toBe(1);
    answer.leave();
    await expect.poll(() => seen).toEqual([false, [true, true], true, 1, 0]);
  });

  it('asks none of them for more than a client that takes nothing has room for', async () => {
    const app = await sseApp();
    let made = 0;
    const endless = async function* () {
      for (;;) {
        made += 1;
        yield 'x'.repeat(1024);
      }
    };
    app.get('/', (_request, reply) => reply.sse([endless, endless]));
    const answer = visit(await listen(app));
    await expect.poll(() => answer.text).toContain('data: x');
    answer.pause();
    let before = -1;
    const standsStill = () => {
      const stands = made === before;
      before = made;
      return stands;
    };
    await expect.poll(standsStill, { interval: 100, timeout: 20_000 }).toBe(true);
    expect(made).toBeLessThan(20_000);
  });
});
