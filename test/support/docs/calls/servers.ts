import { createServer } from 'node:http';
import Koa from 'koa';
import { expect, onTestFinished, vi } from 'vitest';
import { assume } from '../../../../plugins/events/typed-events.ts';
import { createEventHub, type EventHub, eventStream } from '../../../../plugins/http.ts';
import { visit } from '../../event-request.ts';
import { listen, nodeHttp, serve } from '../../http-servers.ts';
import type { Run } from '../snippets.ts';
import type { Call } from './handled.ts';

const soon = { timeout: 20_000 };

/** A server of node:http that answers with the call. */
async function answering(run: Run, names: Readonly<Record<string, unknown>>) {
  const hub = newHub();
  return serve(nodeHttp, (req, res) => run({ req, res, eventStream, hub, ...names }));
}

function newHub(): EventHub {
  const hub = createEventHub();
  onTestFinished(() => hub.close());
  return hub;
}

/** What is called without Fastify. */
export const serverCalls: Readonly<Record<string, Call>> = {
  async 'eventStream(req, res, news)'(run) {
    const news = newHub().channel('news');
    const origin = await answering(run, { news });
    const first = visit(origin);
    await vi.waitFor(() => expect(news.size).toBe(1), soon);
    const id = await news.publish({ data: 'live' });
    await vi.waitFor(() => expect(first.text).toContain(`data: live\nid: ${id}\n\n`), soon);
    first.leave();
    await news.publish({ data: 'missed' });
    const again = visit(origin, { headers: { 'last-event-id': id } });
    await vi.waitFor(() => expect(again.text).toContain('data: missed\n'), soon);
    expect(again.text).toContain('{"recovered":true}');
  },

  async 'eventStream(req, res, async function* ({ lastEventId, signal }) { yield* missed(lastEventId); yield* live(signal); }, { hub })'(
    run,
  ) {
    const signals: AbortSignal[] = [];
    const origin = await answering(run, {
      async *missed(id: string) {
        yield `after ${id}`;
      },
      async *live(signal: AbortSignal) {
        signals.push(signal);
        yield 'live';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const answer = visit(origin, { headers: { 'last-event-id': '7' } });
    await vi.waitFor(() => expect(answer.text).toMatch(/data: after 7\n\ndata: live\n\n$/), soon);
    answer.leave();
    await vi.waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true]), soon);
  },

  async 'eventStream(req, res, source, { hub, onError })'(run) {
    const onError = vi.fn();
    const origin = await answering(run, {
      onError,
      async *source() {
        yield 'fine';
        throw new Error('the password is 1234');
      },
    });
    const answer = visit(origin);
    await vi.waitFor(() => expect(answer.ended).toBe(true), soon);
    expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('the password is 1234'));
    expect(answer.text).toMatch(/^retry: \d+\ndata: fine\n\n$/);
  },

  async 'eventStream(ctx.req, ctx.res, news)'(run) {
    const news = newHub().channel('news');
    const koa = new Koa();
    koa.use((ctx) => {
      ctx.respond = false;
      run({ ctx, eventStream, news });
    });
    const answer = visit(`http://127.0.0.1:${await listen(createServer(koa.callback()))}`);
    await vi.waitFor(() => expect(news.size).toBe(1), soon);
    await news.publish({ data: 'hello' });
    await vi.waitFor(() => expect(answer.text).toContain('data: hello\n'), soon);
  },

  async 'createEventHub({ heartbeatInterval: 20_000 })'(run) {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const hub: EventHub = assume(run({ createEventHub }));
    onTestFinished(() => hub.close());
    const news = hub.channel('news');
    const answer = visit(await serve(nodeHttp, (req, res) => eventStream(req, res, news)));
    await vi.waitFor(() => expect(answer.text).toContain('\n\n'), soon);
    vi.advanceTimersByTime(40_000);
    await vi.waitFor(() => expect(answer.text).toMatch(/\n:\n$/), soon);
  },
};
