import { EventEmitter, on } from 'node:events';
import { Readable, Transform } from 'node:stream';
import { expect, vi } from 'vitest';
import { assume } from '../../../../plugins/events/typed-events.ts';
import { readEvents } from '../../../../plugins/testing.ts';
import { type Call, handled, newSite } from './handled.ts';
import { streamOf } from './streams.ts';

const soon = { timeout: 20_000 };

async function* tokens() {
  yield 'one';
  yield { event: 'tick', data: { n: 2 } };
}

const sends =
  (names: Readonly<Record<string, unknown>>, ...expected: readonly object[]): Call =>
  async (run) => {
    const { reader } = await handled(run, { names });
    expect(await reader.end()).toEqual(expected.map((event) => expect.objectContaining(event)));
  };

const readsNews: Call = async (run) => {
  const { news, reader, app } = await handled(run);
  await reader.next('dev-serve:position');
  const id = await news.publish({ event: 'tick', data: 1 });
  expect(await reader.next()).toEqual({ event: 'tick', data: 1, id });
  await reader.close();
  await news.publish({ event: 'tick', data: 2 });
  expect(news.size).toBe(0);
  const again = await readEvents(app, '/', { lastEventId: id });
  expect(await again.next()).toMatchObject({ data: 2 });
  expect(again.position?.data.recovered).toBe(true);
};

/** What a handler returns. */
export const sourceCalls: Readonly<Record<string, Call>> = {
  'reply.sse(news)': readsNews,

  async 'reply.sse()'(run) {
    const { reader, streams } = await handled(run);
    const stream = streamOf(streams);
    for (const text of ['first', 'second']) {
      stream.send(text);
      expect(await reader.next()).toMatchObject({ data: text });
    }
    stream.close();
    expect(await reader.end()).toEqual([]);
  },

  async "reply.sse(news, { state: { user: 'ada' } })"(run) {
    const { news } = await handled(run);
    expect(news.streams.map(({ state }) => state)).toEqual([{ user: 'ada' }]);
  },

  'reply.sse(source())': sends({ source: tokens }, { data: 'one' }, { event: 'tick' }),
  'reply.sse(async function* () { yield* iterable; })': sends(
    { iterable: ['a', 'b'] },
    { data: 'a' },
    { data: 'b' },
  ),
  async 'reply.sse(readable)'(run) {
    await sends({ readable: Readable.from(tokens()) }, { data: 'one' }, { event: 'tick' })(run);
    const bytes = Readable.from([Buffer.from('bytes')], { objectMode: false });
    await sends({ readable: bytes }, { event: 'message', data: 'bytes' })(run);
  },

  'reply.sse(file.pipe(toEvents))': sends(
    {
      file: Readable.from(['1', '2'], { objectMode: false }),
      toEvents: new Transform({
        readableObjectMode: true,
        transform: (chunk, _encoding, done) =>
          done(null, { event: 'line', data: Number(String(chunk)) }),
      }),
    },
    { event: 'line', data: 1 },
    { event: 'line', data: 2 },
  ),

  async 'reply.sse(async function* ({ lastEventId }) { yield String(lastEventId); })'(run) {
    const resumed = await handled(run, { lastEventId: 'é-7' });
    expect(await resumed.reader.end()).toMatchObject([{ data: 'é-7' }]);
    const first = await handled(run);
    expect(await first.reader.end()).toMatchObject([{ data: 'undefined' }]);
  },

  async "reply.sse(async function* ({ signal }) { for await (const [n] of on(emitter, 'update', { signal })) yield { event: 'update', data: n }; })"(
    run,
  ) {
    const emitter = new EventEmitter();
    const { reader } = await handled(run, { names: { emitter, on } });
    await vi.waitFor(() => expect(emitter.listenerCount('update')).toBe(1), soon);
    emitter.emit('update', 7);
    expect(await reader.next()).toMatchObject({ event: 'update', data: 7 });
    await reader.close();
    expect(emitter.listenerCount('update')).toBe(0);
  },

  async "request.headers.accept?.includes('text/event-stream') ? reply.sse(news) : { n: 1 }"(run) {
    await readsNews(run);
    const { app } = await handled(run);
    expect((await app.inject('/')).json()).toEqual({ n: 1 });
  },

  async "request.body.stream ? reply.sse(tokens()) : { text: 'all of it' }"(run) {
    const request = { method: 'POST', payload: { stream: true }, names: { tokens } } as const;
    const { app, reader } = await handled(run, request);
    expect(await reader.end()).toHaveLength(2);
    const answer = await app.inject({ ...request, url: '/', payload: { stream: false } });
    expect(answer.json()).toEqual({ text: 'all of it' });
  },

  async 'reply.code(201).sse(news)'(run) {
    const { app, news } = await newSite();
    app.get('/', (_request, reply) => assume(run({ reply, news })));
    const { statusCode, headers } = await app.inject({ url: '/', payloadAsStream: true });
    expect(statusCode).toBe(201);
    expect(headers['content-type']).toBe('text/event-stream');
  },
};
