import { expect, vi } from 'vitest';
import { assume } from '../../../../plugins/events/typed-events.ts';
import type { EventStream } from '../../../../plugins/sse.ts';
import { type Call, onBareStream, onStream } from './handled.ts';

const sends =
  (event: string, data: unknown, id = ''): Call =>
  async (run) => {
    const serialize = (value: unknown) => `<${JSON.stringify(value)}>`;
    const { reader, returned } = await onBareStream(run, { serialize });
    expect(await reader.next()).toEqual({ event, data, id });
    expect(returned).toBe(true);
  };

/** What is called on a stream that a handler has returned. */
export const streamCalls: Readonly<Record<string, Call>> = {
  "stream.send({ event: 'tick', data: { n: 1 } })": sends('tick', { n: 1 }),
  "stream.send({ event: 'tick', data: { n: 1 }, id: '7' })": sends('tick', { n: 1 }, '7'),
  "stream.send('text')": sends('message', 'text'),
  'stream.send({ data: serialize({ n: 1 }) })': sends('message', '<{"n":1}>'),

  async 'stream.open'(run) {
    const call = await onStream(run);
    expect(call.run()).toBe(true);
    await call.reader.close();
    expect(call.run()).toBe(false);
  },

  async 'stream.state'(run) {
    const call = await onStream(run);
    expect(call.run()).toEqual({ user: 'ada' });
  },

  async 'stream.close()'(run) {
    const { app, reader, stream } = await onStream(run).then((call) => {
      call.run();
      return call;
    });
    expect(await reader.end()).toEqual([]);
    expect(stream.open).toBe(false);
    expect(app.channel('news').size).toBe(0);
  },

  async 'stream.evict()'(run) {
    const call = await onStream(run);
    call.run();
    await call.reader.next('dev-serve:close');
    expect(await call.reader.end()).toEqual([]);
    expect(call.reader.retry).toBe(2 ** 31 - 1);
    expect(call.news.size).toBe(0);
  },

  async "stream.once('close', f)"(run) {
    const f = vi.fn();
    const call = await onStream(run, { f });
    call.run();
    expect(f).not.toHaveBeenCalled();
    await call.reader.close();
    expect(f).toHaveBeenCalledOnce();
  },
};

/** The stream that a handler has returned. */
export function streamOf(streams: readonly unknown[]): EventStream {
  return assume(streams[0]);
}
