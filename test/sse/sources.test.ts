import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { SSESource } from '../../plugins/sse.ts';
import { sseApp } from '../support/sse-app.ts';

async function* countTo(last: number) {
  for (let n = 1; n <= last; n += 1) yield { event: 'count', data: { n } };
}

async function bodyOf(source: () => SSESource): Promise<string> {
  const app = await sseApp({ retry: 250 });
  app.get('/', (_request, reply) => reply.sse(source()));
  return (await app.inject('/')).body;
}

const COUNTED = 'retry: 250\nevent: count\ndata: {"n":1}\n\nevent: count\ndata: {"n":2}\n\n';

describe('reply.sse() sends', () => {
  it('what a generator function yields', async () => {
    expect(await bodyOf(() => () => countTo(2))).toBe(COUNTED);
  });

  it('what an async iterable yields', async () => {
    expect(await bodyOf(() => countTo(2))).toBe(COUNTED);
  });

  it('what an object-mode Readable holds', async () => {
    expect(await bodyOf(() => Readable.from(countTo(2)))).toBe(COUNTED);
  });

  it('each chunk of a byte stream as text, without splitting characters', async () => {
    const euro = Buffer.from('€');
    const halves = [Buffer.concat([Buffer.from('1'), euro.subarray(0, 1)]), euro.subarray(1)];
    const body = await bodyOf(() => Readable.from(halves, { objectMode: false }));
    expect(body).toBe('retry: 250\ndata: 1\n\ndata: €\n\n');
  });

  it('strings as data, ids as the source gives them', async () => {
    const body = await bodyOf(async function* () {
      yield 'plain';
      yield { id: '7', data: 'two\nlines' };
    });
    expect(body).toBe('retry: 250\ndata: plain\n\ndata: two\ndata: lines\nid: 7\n\n');
  });

  it('what the handler sends by hand', async () => {
    const app = await sseApp({ retry: 250 });
    app.get('/', (_request, reply) => {
      const stream = reply.sse();
      expect(stream.send({ event: 'tick', data: 1 })).toBe(true);
      expect(stream.send('bye')).toBe(true);
      stream.close();
      expect(stream.send('too late')).toBe(false);
      return stream;
    });
    const { body } = await app.inject('/');
    expect(body).toBe('retry: 250\nevent: tick\ndata: 1\n\ndata: bye\n\n');
  });

  it('every byte once of what a function has to wait for', async () => {
    const app = await sseApp({ retry: 250 });
    app.get('/', (_request, reply) =>
      reply.sse(async () => {
        await Promise.resolve();
        return countTo(2);
      }),
    );
    expect((await app.inject('/')).body).toBe(COUNTED);
  });

  it('every byte once when an async handler returns the stream', async () => {
    const app = await sseApp({ retry: 250 });
    app.get('/', async (_request, reply) => {
      await Promise.resolve();
      return reply.sse(countTo(2));
    });
    expect((await app.inject('/')).body).toBe(COUNTED);
  });
});

describe('a source that fails', () => {
  it('ends the stream, is logged, and never reaches the client as text', async () => {
    const logged: unknown[] = [];
    const app = await sseApp({ retry: 250 });
    app.get('/', (request, reply) => {
      request.log.error = (details: unknown) => logged.push(details);
      return reply.sse(async function* () {
        yield 'fine';
        throw new Error('the password is 1234');
      });
    });
    const { statusCode, body } = await app.inject('/');
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: 'retry: 250\ndata: fine\n\n' });
    expect(logged).toEqual([{ err: new Error('the password is 1234') }]);
  });

  it('by yielding an event that cannot be written ends the stream too', async () => {
    const body = await bodyOf(async function* () {
      yield { event: 'a\nb', data: '' };
    });
    expect(body).toBe('retry: 250\n');
  });

  it.each([
    ['a number', 1],
    ['an array', ['a']],
    ['a function of something else', () => 'text'],
  ])('to be one (%s) is refused with a coded error', async (_name, source) => {
    const app = await sseApp();
    // @fastify/error classes carry their code to the client.
    app.get('/', (_request, reply) => reply.sse(source as never));
    const { statusCode, json } = await app.inject('/');
    expect(statusCode).toBe(500);
    expect(json().code).toBe('DEV_SERVE_ERR_INVALID_SOURCE');
  });
});
