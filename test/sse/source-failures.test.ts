import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { assume } from '../../plugins/events/typed-events.ts';
import sse, { type Channel, type SSESource, type StreamMessage } from '../../plugins/sse.ts';
import { visit } from '../support/event-request.ts';
import { listen } from '../support/sse-app.ts';

const SECRET = 'the password is 1234';

/** What a client gets of a stream of `source`, and what is logged as an error meanwhile. */
async function outcomeOf(source: (news: Channel) => SSESource) {
  const logged: Array<Readonly<Record<string, unknown>>> = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  const rejected = vi.fn();
  process.on('unhandledRejection', rejected);
  onTestFinished(() => void process.off('unhandledRejection', rejected));
  const app = Fastify({ logger: { level: 'error', stream } });
  onTestFinished(() => app.close());
  await app.register(sse, { retry: 250 });
  app.get('/', (_request, reply) => reply.sse(source(app.channel('news'))));
  const answer = visit(await listen(app));
  await expect.poll(() => answer.ended).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(rejected).not.toHaveBeenCalled();
  await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  expect(answer.text).not.toContain(SECRET);
  return { answer, logged };
}

const failure = (message: string) => expect.objectContaining({ message });
const hint = { msg: 'event stream failed' };

describe('a source that fails', () => {
  it.each<[string, string, () => SSESource]>([
    [
      'while it runs',
      'retry: 250\ndata: fine\n\n',
      () =>
        async function* () {
          yield 'fine';
          throw new Error(SECRET);
        },
    ],
    [
      'before its first event',
      'retry: 250\n',
      () =>
        async function* () {
          yield await Promise.reject<string>(new Error(SECRET));
        },
    ],
    [
      'with something that is no error',
      'retry: 250\ndata: fine\n\n',
      () =>
        async function* () {
          yield 'fine';
          throw SECRET;
        },
    ],
    [
      'in the function that makes it',
      'retry: 250\n',
      () => () => {
        throw new Error(SECRET);
      },
    ],
    [
      'in the promise of the function that makes it',
      'retry: 250\n',
      () => async () => {
        throw new Error(SECRET);
      },
    ],
    [
      'when it is asked for its iterator',
      'retry: 250\n',
      () => ({
        [Symbol.asyncIterator]: () => {
          throw new Error(SECRET);
        },
      }),
    ],
    [
      'by an iterator that throws instead of rejecting',
      'retry: 250\n',
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw new Error(SECRET);
          },
        }),
      }),
    ],
    [
      'as a Readable',
      'retry: 250\n',
      () =>
        new Readable({
          objectMode: true,
          read() {
            this.destroy(new Error(SECRET));
          },
        }),
    ],
    [
      'as a Readable that had failed before',
      'retry: 250\n',
      () => new Readable({ read() {} }).on('error', () => {}).destroy(new Error(SECRET)),
    ],
  ])(
    '%s ends its stream, is logged, and says nothing to the client',
    async (_name, text, source) => {
      const { answer, logged } = await outcomeOf(source);
      expect(answer).toMatchObject({ status: 200, text });
      expect(logged).toEqual([expect.objectContaining({ ...hint, err: failure(SECRET) })]);
    },
  );

  it('ends the channels and stops the other sources of its stream', async () => {
    const stopped = vi.fn();
    const readable = new Readable({ objectMode: true, read() {} });
    const { logged } = await outcomeOf((news) => [
      news,
      readable,
      async function* ({ signal }) {
        try {
          yield 'other';
          await once(signal, 'abort');
        } finally {
          stopped();
        }
      },
      async function* () {
        yield 'mine';
        throw new Error(SECRET);
      },
    ]);
    expect(logged).toEqual([expect.objectContaining({ ...hint, err: failure(SECRET) })]);
    await expect.poll(() => stopped.mock.calls.length).toBe(1);
    expect(readable.destroyed).toBe(true);
  });
});

describe('a source that yields', () => {
  const CODE = 'DEV_SERVE_ERR_INVALID_EVENT_FIELD';

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a number', 7],
    ['an array', ['data']],
    ['a function as data', { data: () => {} }],
    ['data that refers to itself', { data: circular() }],
    ['a reserved event', { event: 'dev-serve:position', data: '' }],
    ['an event of two lines', { event: 'a\nb', data: '' }],
    ['an id of two lines', { id: 'a\nb', data: '' }],
  ])('%s is refused with a coded error, which ends the stream', async (_name, value) => {
    const stopped = vi.fn();
    const { answer, logged } = await outcomeOf(
      () =>
        async function* () {
          try {
            yield 'before';
            yield assume<StreamMessage>(value);
            yield 'after';
          } finally {
            stopped();
          }
        },
    );
    expect(answer.text).toBe('retry: 250\ndata: before\n\n');
    expect(logged).toEqual([
      expect.objectContaining({ ...hint, err: expect.objectContaining({ code: CODE }) }),
    ]);
    expect(stopped).toHaveBeenCalledOnce();
  });

  it('an id is refused on a stream with channels, which give the ids', async () => {
    const { answer, logged } = await outcomeOf((news) => [
      news,
      async function* () {
        yield 'before';
        yield { id: '7', data: 'mine' };
      },
    ]);
    expect(answer.text).toContain('data: before\n');
    expect(answer.text).not.toContain('mine');
    expect(logged).toEqual([
      expect.objectContaining({ ...hint, err: expect.objectContaining({ code: CODE }) }),
    ]);
  });
});

function circular(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}
