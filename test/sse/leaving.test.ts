import { once } from 'node:events';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
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
