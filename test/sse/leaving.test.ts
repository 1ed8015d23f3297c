import { EventEmitter, once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventStream, SourceContext } from '../../plugins/sse.ts';
import { listen, sseApp } from '../support/sse-app.ts';

/** Opens a stream, waits for its first bytes, and hangs up. */
async function visit(url: string): Promise<void> {
  const request = get(url, { agent: false });
  request.on('error', () => {});
  const [response] = await once(request, 'response');
  await once(response, 'data');
  request.destroy();
}

describe('when the client leaves', () => {
  it('a blocked generator is told by its signal and its finally runs', async () => {
    const app = await sseApp();
    const ended = vi.fn();
    app.get('/', (_request, reply) =>
      reply.sse(async function* ({ signal }: SourceContext) {
        try {
          yield 'hello';
          await once(signal, 'abort');
        } finally {
          ended();
        }
      }),
    );
    await visit(await listen(app));
    await expect.poll(() => ended.mock.calls.length).toBe(1);
  });

  it('the source is stopped in the tick in which the stream closes', async () => {
    const app = await sseApp();
    const source = new Readable({ objectMode: true, read() {} });
    const stoppedWith: boolean[] = [];
    app.get('/', (_request, reply) => {
      const stream = reply.sse(source);
      stream.once('close', () => stoppedWith.push(source.destroyed));
      return stream;
    });
    await visit(await listen(app));
    await expect.poll(() => stoppedWith).toEqual([true]);
  });

  it('a Readable that fails afterwards, or was never read, crashes nothing', async () => {
    const app = await sseApp();
    const sources: Readable[] = [];
    app.get('/', (_request, reply) => {
      const source = new Readable({ objectMode: true, read() {} });
      sources.push(source);
      return reply.sse(source);
    });
    await visit(await listen(app));
    const [source] = sources;
    await expect.poll(() => source?.destroyed).toBe(true);
    source?.emit('error', new Error('late'));
  });

  it('it no longer counts as a reader of the channel', async () => {
    const app = await sseApp();
    const channel = app.channel('news');
    app.get('/', (_request, reply) => reply.sse(channel));
    const url = await listen(app);
    await visit(url);
    await expect.poll(() => channel.size).toBe(0);
    expect(await channel.publish({ data: 'nobody is there' })).toMatch(/-1$/);
  });

  it('a stream that the handler never returned is let go as well', async () => {
    const app = await sseApp();
    const channel = app.channel('news');
    app.get('/', async (_request, reply) => {
      reply.sse(channel);
      throw new Error('changed my mind');
    });
    expect((await app.inject('/')).statusCode).toBe(500);
    await expect.poll(() => channel.size).toBe(0);
  });

  it('sending to it returns false and never throws', async () => {
    const app = await sseApp();
    let stream: EventStream | undefined;
    app.get('/', (_request, reply) => {
      stream = reply.sse();
      return stream;
    });
    await visit(await listen(app));
    await expect.poll(() => stream?.open).toBe(false);
    expect(stream?.send('anyone?')).toBe(false);
  });
});

describe('a stream that nobody can read', () => {
  it('is let go when its request waits behind another one on the socket', async () => {
    const app = await sseApp();
    const channel = app.channel('news');
    const signals: AbortSignal[] = [];
    app.get('/channel', (_request, reply) => reply.sse(channel));
    app.get('/generator', (_request, reply) =>
      reply.sse(async function* ({ signal }: SourceContext) {
        signals.push(signal);
        yield 'hello';
        await once(signal, 'abort');
      }),
    );
    const { port, hostname, host } = new URL(await listen(app));
    const socket = connect(Number(port), hostname).resume();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    for (const path of [...Array<string>(20).fill('/channel'), '/generator']) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    }
    await expect.poll(() => [channel.size, signals.length]).toEqual([20, 1]);
    socket.destroy();
    await expect.poll(() => channel.size).toBe(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(warnings).toEqual([]);
  });
});

describe('a stream that is made after its client has left', () => {
  it.each(['alone', 'behind another request'])('is let go (%s)', async (place) => {
    const app = await sseApp();
    const channel = app.channel('news');
    const handlers = new EventEmitter();
    let stream: EventStream | undefined;
    app.get('/first', (_request, reply) => reply.sse());
    app.get('/', async (_request, reply) => {
      handlers.emit('called');
      await once(handlers, 'go on');
      stream = reply.sse(channel);
      // Not returned: nobody else can close it.
      return reply.hijack();
    });
    const { port, hostname, host } = new URL(await listen(app));
    const called = once(handlers, 'called');
    const socket = connect(Number(port), hostname).resume();
    if (place !== 'alone') socket.write(`GET /first HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await called;
    socket.destroy();
    const connections = () =>
      new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    await expect.poll(connections).toBe(0);
    handlers.emit('go on');
    await expect.poll(() => stream?.open).toBe(false);
    expect(channel.size).toBe(0);
  });
});

describe('an iterator with a return() of its own', () => {
  it.each([
    ['gives no promise', () => ({ done: true, value: undefined })],
    [
      'throws',
      () => {
        throw new Error('stubborn');
      },
    ],
    ['rejects', () => Promise.reject(new Error('stubborn'))],
  ])('that %s crashes nothing when the client leaves', async (_name, leave) => {
    const app = await sseApp();
    const returned = vi.fn(leave);
    const next = () => new Promise<never>(() => {});
    app.get('/', (_request, reply) =>
      reply.sse({ [Symbol.asyncIterator]: () => ({ next, return: returned as never }) }),
    );
    await visit(await listen(app));
    await expect.poll(() => returned.mock.calls.length).toBe(1);
  });
});

describe('a POST with a body', () => {
  it('keeps its stream after the body has been read', async () => {
    const app = await sseApp();
    const channel = app.channel('answers');
    app.post('/', (_request, reply) => reply.sse(channel));
    const url = await listen(app);
    const body = JSON.stringify({ question: 'x'.repeat(100_000) });
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let n = 1; n <= 3; n += 1) {
      await channel.publish({ data: `answer ${n}` });
      while (!text.includes(`answer ${n}`)) text += (await reader?.read())?.value ?? 'ended';
    }
    expect(text).not.toContain('ended');
    await reader?.cancel();
  });
});

describe('HEAD on a stream', () => {
  it('ends at once, opens no source and subscribes nobody', async () => {
    const app = await sseApp();
    const channel = app.channel('news');
    const generator = vi.fn();
    app.get('/channel', (_request, reply) => reply.sse(channel));
    app.get('/generator', (_request, reply) => reply.sse(generator));
    const origin = await listen(app);
    for (const path of ['/channel', '/generator']) {
      const response = await fetch(origin + path, { method: 'HEAD' });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      expect(await response.text()).toBe('');
    }
    expect(generator).not.toHaveBeenCalled();
    expect(channel.size).toBe(0);
  });
});
