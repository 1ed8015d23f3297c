import { EventEmitter, once } from 'node:events';
import { EventSource } from 'eventsource';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SourceContext } from '../../plugins/sse.ts';
import { visit } from '../support/event-request.ts';
import { dataOf, noRejections, startNews } from '../support/peers/news-page.ts';

const soon = { timeout: 20_000 };
const FORGED = ['a\rdata: FORGED', 'a\r\n\r\nevent: forged\ndata: FORGED\n\n', 'a\nid: 9\n:x'];

function open(url: string): EventSource {
  const source = new EventSource(url);
  onTestFinished(() => source.close());
  return source;
}

describe('what other servers get wrong', () => {
  it.each(FORGED)('data cannot add an event or a field (%j)', async (data) => {
    const { news, client } = await startNews();
    const events = await client();
    const id = await news.publish({ data });
    await news.publish({ data: 'next' });
    await expect.poll(() => events.length, soon).toBe(3);
    expect(events[1]).toEqual({ id, event: 'message', data: data.replace(/\r\n?/g, '\n') });
    expect(events[2]).toMatchObject({ event: 'message', data: 'next' });
  });

  it.each(FORGED)('the name of an event cannot add one either (%j)', async (event) => {
    const { news, client } = await startNews();
    const events = await client();
    expect(() => news.publish({ event, data: 'x' })).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }),
    );
    await news.publish({ data: 'next' });
    await expect.poll(() => dataOf(events), soon).toEqual(['next']);
  });

  it('a stream to which nothing is sent is open for its client, and stays', async () => {
    const { origin } = await startNews({ heartbeatInterval: 10 }, (_request, reply) => reply.sse());
    const source = open(origin);
    const failed = vi.fn();
    source.addEventListener('error', failed);
    await expect.poll(() => source.readyState, soon).toBe(EventSource.OPEN);
    const answer = visit(origin);
    await expect.poll(() => answer.text, soon).toMatch(/(:\n){3}$/);
    expect(source.readyState).toBe(EventSource.OPEN);
    expect(failed).not.toHaveBeenCalled();
  });

  it('HEAD is answered at once, and runs nothing that stays', async () => {
    const { app, origin } = await startNews();
    const answer = visit(origin, { method: 'HEAD' });
    await expect.poll(() => answer.ended, soon).toBe(true);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/event-stream' });
    expect(app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('a generator that waits is returned from when its client leaves', async () => {
    const returned = vi.fn();
    const { origin } = await startNews({}, (_request, reply) =>
      reply.sse(async function* ({ signal }: SourceContext) {
        try {
          yield 'first';
          await once(signal, 'abort');
        } finally {
          returned();
        }
      }),
    );
    const answer = visit(origin);
    await expect.poll(() => answer.text, soon).toContain('data: first\n');
    answer.leave();
    await expect.poll(() => returned.mock.calls.length, soon).toBe(1);
  });

  it('a generator that never waits is not asked again when its client has left', async () => {
    let yielded = 0;
    const returned = vi.fn();
    const { app, origin } = await startNews({}, (_request, reply) =>
      reply.sse(async function* () {
        try {
          for (;;) {
            yielded += 1;
            yield 'x'.repeat(1000);
          }
        } finally {
          returned();
        }
      }),
    );
    const answer = visit(origin);
    await expect.poll(() => answer.text.length, soon).toBeGreaterThan(10_000);
    answer.leave();
    await expect.poll(() => returned.mock.calls.length, soon).toBe(1);
    const count = yielded;
    await expect.poll(() => app.sse.stats().streams, soon).toBe(0);
    expect(yielded).toBe(count);
  });

  it('a generator is asked for no more than a client that takes nothing has room for', async () => {
    let yielded = 0;
    const { app, origin } = await startNews({ stallTimeout: 200 }, (_request, reply) =>
      reply.sse(async function* () {
        for (;;) {
          yielded += 1;
          yield 'x'.repeat(100_000);
        }
      }),
    );
    const answer = visit(origin);
    await expect.poll(() => answer.status, soon).toBe(200);
    answer.pause();
    // Nothing hangs for ever on a peer that is there and never reads.
    await expect.poll(() => app.sse.stats(), soon).toMatchObject({ streams: 0, stalled: 1 });
    expect(yielded * 100_000).toBeLessThan(64 * 1024 * 1024);
  });

  it('a generator that throws ends its stream, and says nothing to the client', async () => {
    noRejections();
    const { origin } = await startNews({}, (_request, reply) =>
      reply.sse(async function* () {
        yield 'fine';
        throw new Error('the password is 1234');
      }),
    );
    const answer = visit(origin);
    await expect.poll(() => answer.ended, soon).toBe(true);
    expect(answer.text).toBe('retry: 100\ndata: fine\n\n');
    // The client's own `error` is told from an event of that name, which nobody can send.
    const { news } = await startNews();
    expect(() => news.publish({ event: 'error', data: 'x' })).toThrow(/reserved/);
  });

  it('the server closes with open streams, in milliseconds', async () => {
    const { app, client } = await startNews();
    await Promise.all(Array.from({ length: 10 }, () => client()));
    const start = performance.now();
    await app.close();
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('a client that vanishes while its past is fetched leaves nothing behind', async () => {
    const fetching = new EventEmitter();
    const { app, news, origin } = await startNews({}, (_request, reply) =>
      reply.sse(news, {
        async *snapshot() {
          fetching.emit('begun');
          await once(fetching, 'done');
          yield 'state';
        },
      }),
    );
    const begun = once(fetching, 'begun');
    const answer = visit(origin);
    await begun;
    answer.leave();
    await expect.poll(() => app.sse.stats().streams, soon).toBe(0);
    fetching.emit('done');
    await expect.poll(() => app.sse.stats(), soon).toMatchObject({ streams: 0, channels: 0 });
  });

  it('what is published while the past is fetched comes after it, once', async () => {
    const fetching = new EventEmitter();
    const { news, origin } = await startNews({}, (_request, reply) =>
      reply.sse(news, {
        async *snapshot() {
          fetching.emit('begun');
          await once(fetching, 'done');
          yield 'state';
        },
      }),
    );
    const begun = once(fetching, 'begun');
    const answer = visit(origin);
    await begun;
    for (const data of ['one', 'two', 'three']) await news.publish({ data });
    fetching.emit('done');
    await expect.poll(() => answer.text, soon).toContain('data: three\n');
    expect(answer.text.match(/(?<=^data: )(state|one|two|three)$/gm)).toEqual([
      'state',
      'one',
      'two',
      'three',
    ]);
  });
});
