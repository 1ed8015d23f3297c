import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EventStream, eventStream } from '../../plugins/http.ts';
import { certificate } from '../support/certificate.ts';
import { newHub } from '../support/event-hub.ts';
import { visit } from '../support/event-request.ts';
import { listen, serve, serverKinds } from '../support/http-servers.ts';
import { rawClient } from '../support/raw-client.ts';

const run = promisify(execFile);

describe.each(serverKinds)('an event stream of $name', (kind) => {
  it('ends by close(), by evict() and at its time', async () => {
    const hub = newHub();
    const news = hub.channel('news');
    const streams: EventStream[] = [];
    const origin = await serve(kind, (request, response) => {
      const until = request.url === '/until' ? Date.now() / 1000 + 0.05 : undefined;
      const maxAge = request.url === '/age' ? 50 : undefined;
      streams.push(eventStream(request, response, news, { until, maxAge }));
    });
    const closed = kind.visit(`${origin}/closed`);
    await expect.poll(() => streams.length).toBe(1);
    const evicted = kind.visit(`${origin}/evicted`);
    await expect.poll(() => streams.length).toBe(2);
    const outlived = [kind.visit(`${origin}/until`), kind.visit(`${origin}/age`)];
    streams[0]?.close();
    streams[1]?.evict();
    for (const answer of [closed, evicted, ...outlived]) {
      await expect.poll(() => answer.ended).toBe(true);
    }
    expect(evicted.text).toContain('event: dev-serve:close\n');
    expect(closed.text).not.toContain('dev-serve:close');
    await expect.poll(() => hub.stats().streams).toBe(0);
  });

  it('ends with its hub, with a time to come back; one that comes then ends at once', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const hub = newHub({ retry: 250 });
    const news = hub.channel('news');
    const origin = await serve(kind, (request, response) => eventStream(request, response, news));
    const answer = kind.visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    await hub.close();
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer.text).toMatch(/\nretry: (2[5-9]\d|[34]\d\d|500)\n$/);
    const late = kind.visit(origin);
    await expect.poll(() => late.ended).toBe(true);
    expect(late).toMatchObject({ status: 200, text: expect.stringMatching(/^retry: \d+\n$/) });
    // A server that closes would wait for the next request on a connection that is kept alive.
    expect(late.headers.connection).toBe(kind.visit === visit ? 'close' : undefined);
    expect(warned).not.toHaveBeenCalled();
  });

  it('is broken off when it is destroyed, so that its client comes back', async () => {
    const hub = newHub();
    const streams: EventStream[] = [];
    const origin = await serve(kind, (request, response) => {
      streams.push(eventStream(request, response, undefined, { hub }));
    });
    const answer = kind.visit(origin);
    await expect.poll(() => answer.text).toContain('retry:');
    streams[0]?.destroy();
    await expect.poll(() => answer.closed).toBe(true);
  });
});

it('a process whose sink has no room gets past the end of its hub', async () => {
  const program = `
    import { createEventHub } from ${JSON.stringify(new URL('../../dist/plugins/http.js', import.meta.url))};
    const hub = createEventHub();
    const news = hub.channel('news');
    await news.open();
    news.subscribe({ write: () => false, close: () => console.log('sink closed') });
    await news.publish({ data: 'one more, for which it has no room' });
    await hub.close();
    console.log('hub closed');`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout).toBe('sink closed\nhub closed\n');
});

describe('a stream whose request waits behind another one', () => {
  it('holds no hub up that closes', async () => {
    const hub = newHub();
    const server = createHttpServer((request, response) => {
      if (request.url === '/events') eventStream(request, response, hub.channel('news'));
      else response.end(Buffer.alloc(64 * 1024 * 1024));
    });
    const client = rawClient(await listen(server));
    client.socket.pause();
    // In one packet: behind what is not taken, no more is read.
    client.send('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /events HTTP/1.1', 'Host: 127.0.0.1');
    await expect.poll(() => hub.stats().streams).toBe(1);
    const start = performance.now();
    await hub.close();
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('a server with TLS that closes after its hub', () => {
  it('cuts nothing off', async () => {
    const hub = newHub({ retry: 250 });
    const server = createServer(certificate, (request, response) => {
      eventStream(request, response, hub.channel('news'));
    });
    const origin = `https://127.0.0.1:${await listen(server)}`;
    const answers = Array.from({ length: 20 }, () => visit(origin));
    await expect.poll(() => answers.every(({ text }) => text.includes('position'))).toBe(true);
    await hub.close();
    server.close();
    await expect.poll(() => answers.every(({ closed }) => closed)).toBe(true);
    expect(answers.filter(({ ended, text }) => !ended || !/\nretry: \d+\n$/.test(text))).toEqual(
      [],
    );
  });
});
