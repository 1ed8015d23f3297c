import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { type EventStream, eventStream } from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { nodeHttp, serve, serverKinds } from '../support/http-servers.ts';

describe.each(serverKinds)('when the client of $name leaves', (kind) => {
  it('its source has stopped before anything else happens', async () => {
    const hub = newHub();
    const seen: unknown[] = [];
    const readable = new Readable({ objectMode: true, read() {} });
    const returned = vi.fn(async () => ({ done: true as const, value: undefined }));
    const blocked = { next: () => new Promise<never>(() => {}), return: returned };
    const origin = await serve(kind, (request, response) => {
      let left: AbortSignal | undefined;
      const generator = ({ signal }: { signal: AbortSignal }) => {
        left = signal;
        return { [Symbol.asyncIterator]: () => blocked };
      };
      const stream = eventStream(request, response, [generator, readable], { hub });
      response.once('close', () => {
        // Both queued now and before the event loop goes on: no timer, no I/O in between.
        process.nextTick(() => {
          seen.push(stream.open, left?.aborted, readable.destroyed, returned.mock.calls.length);
        });
      });
    });
    const answer = kind.visit(origin);
    await expect.poll(() => answer.text).toContain('retry: 1000\n');
    answer.leave();
    await expect.poll(() => seen).toEqual([false, true, true, 1]);
    await expect.poll(() => hub.stats().streams).toBe(0);
  });

  it('it no longer counts as a reader, and sending to it returns false', async () => {
    const news = newHub().channel('news');
    const streams: EventStream[] = [];
    const origin = await serve(kind, (request, response) => {
      streams.push(eventStream(request, response, news));
    });
    const answers = [kind.visit(origin), kind.visit(origin)];
    await expect.poll(() => answers.every(({ text }) => text.includes('position'))).toBe(true);
    answers[0]?.leave();
    await expect.poll(() => news.size).toBe(1);
    expect(streams.filter(({ open }) => !open).map((stream) => stream.send('gone?'))).toEqual([
      false,
    ]);
    await news.publish({ data: 'still here' });
    await expect.poll(() => answers[1]?.text).toContain('data: still here\n');
  });

  it('before its stream is made, no source is opened', async () => {
    const hub = newHub();
    const news = hub.channel('news');
    const handler = new EventEmitter();
    const generator = vi.fn();
    const streams: EventStream[] = [];
    const origin = await serve(kind, async (request, response) => {
      handler.emit('called');
      await once(response, 'close');
      streams.push(eventStream(request, response, [news, generator]));
    });
    const called = once(handler, 'called');
    const answer = kind.visit(origin);
    await called;
    answer.leave();
    await expect.poll(() => streams.map(({ open }) => open)).toEqual([false]);
    expect(generator).not.toHaveBeenCalled();
    expect(hub.stats()).toMatchObject({ streams: 0, channels: 0 });
    await expect.poll(() => streams[0]?.destroyed).toBe(true);
  });

  it('HEAD is answered at once, and opens nothing', async () => {
    const hub = newHub();
    const generator = vi.fn();
    const origin = await serve(kind, (request, response) =>
      eventStream(request, response, [hub.channel('news'), generator]),
    );
    const answer = kind.visit(origin, { method: 'HEAD' });
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(generator).not.toHaveBeenCalled();
    expect(hub.stats()).toMatchObject({ streams: 0, channels: 0 });
  });
});

describe('streams that wait behind another one on the socket', () => {
  it('are let go with it', async () => {
    const news = newHub().channel('news');
    const { port, host } = new URL(
      await serve(nodeHttp, (request, response) => eventStream(request, response, news)),
    );
    const socket = connect(Number(port), '127.0.0.1').resume();
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(20));
    await expect.poll(() => news.size).toBe(20);
    socket.destroy();
    await expect.poll(() => news.size).toBe(0);
  });
});
