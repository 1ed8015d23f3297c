import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { directResponses } from '../../plugins/events/direct-response.ts';
import type { EventStream } from '../../plugins/events/event-stream.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const LARGE = 'x'.repeat(4_000_000);

/** All that a client gets from now on; it takes what comes. */
async function client(url: string, path: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const received = { bytes: 0, tail: '', isClosed: false };
  socket.on('data', (chunk: Buffer) => {
    received.bytes += chunk.length;
    received.tail = (received.tail + chunk.toString('latin1')).slice(-400);
  });
  socket.on('close', () => {
    received.isClosed = true;
  });
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return { socket, received };
}

describe('a stream that writes to its socket', () => {
  it('sends one event of megabytes to a client that takes it, and stays open', async () => {
    const app = await sseApp();
    let stream: EventStream | undefined;
    app.get('/', (_request, reply) => {
      stream = reply.sse();
      return stream;
    });
    const { received } = await client(await listen(app), '/');
    await expect.poll(() => received.bytes).toBeGreaterThan(0);
    expect(stream?.send(LARGE)).toBe(true);
    await expect.poll(() => received.bytes).toBeGreaterThan(LARGE.length);
    expect(stream?.send('after it')).toBe(true);
    await expect.poll(() => received.tail).toContain('data: after it');
    expect(app.sse.stats().stalled).toBe(0);
  });

  it('is ended whole when the server closes while its last event is on its way', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.sse(app.channel('a')));
    const { received } = await client(await listen(app), '/');
    await expect.poll(() => app.channel('a').size).toBe(1);
    await app.channel('a').publish({ data: LARGE });
    await app.close();
    await expect.poll(() => received.isClosed).toBe(true);
    expect(received.bytes).toBeGreaterThan(LARGE.length);
    expect(received.tail).toMatch(/retry: \d+\n\r\n0\r\n\r\n$/);
  });

  it('writes nothing behind the end that the app has made itself', async () => {
    const app = await sseApp();
    let end = (): void => {};
    let stream: EventStream | undefined;
    app.get('/', (_request, reply) => {
      end = () => void reply.raw.end();
      stream = reply.sse();
      return stream;
    });
    app.get('/next', () => 'ok');
    const { socket, received } = await client(await listen(app), '/');
    await expect.poll(() => received.bytes).toBeGreaterThan(0);
    end();
    stream?.send('behind the end');
    await expect.poll(() => received.tail).toMatch(/0\r\n\r\n$/);
    socket.write('GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await expect.poll(() => received.isClosed).toBe(true);
    expect(received.tail).toMatch(/0\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  it('with a header that cannot be written is answered as any other such reply', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.header('x-bad', 'a\nb').sse(app.channel('a')));
    const { received } = await client(await listen(app), '/');
    await expect.poll(() => received.tail).toContain('ERR_INVALID_CHAR');
    expect(received.tail).toMatch(/^HTTP\/1.1 500 Internal Server Error\r\n/);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('whose handler fails behind it is broken off, so that its client comes back', async () => {
    const app = await sseApp();
    const errors: string[] = [];
    app.addHook('onError', async (_request, _reply, { message }) => void errors.push(message));
    app.get('/', (_request, reply) => {
      reply.send(reply.sse(app.channel('a')));
      throw new Error('too late');
    });
    const { received } = await client(await listen(app), '/');
    await expect.poll(() => errors).toContain('too late');
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
    if (directResponses.enabled) await expect.poll(() => received.isClosed).toBe(true);
  });

  it('has no more made for it than fits, from the beginning', async () => {
    const app = await sseApp({ stallTimeout: 200 });
    let made = 0;
    app.get('/', (_request, reply) => {
      const stream = reply.sse(async function* () {
        for (;;) {
          made += 1;
          yield 'x'.repeat(10_000);
        }
      });
      stream.send(LARGE.repeat(5));
      return stream;
    });
    const { socket } = await client(await listen(app), '/');
    socket.pause();
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
    // A stream that is piped has a buffer of its own, of 16 KiB.
    expect(made).toBeLessThanOrEqual(directResponses.enabled ? 0 : 2);
  });

  it('is not stalled while its handler takes its time', async () => {
    const app = await sseApp({ stallTimeout: 50 });
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    app.get('/', async (_request, reply) => {
      const stream = reply.sse(app.channel('a'));
      await answered;
      return stream;
    });
    const { received } = await client(await listen(app), '/');
    await expect.poll(() => app.channel('a').size).toBe(1);
    // Longer than it may be stalled: by the clock that decides it.
    const begun = performance.now();
    await expect.poll(() => performance.now() - begun).toBeGreaterThan(200);
    expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
    answer();
    await expect.poll(() => received.tail).toContain('dev-serve:position');
  });
});

it.each(['one', 'channel'])(
  'what whoever reads a stream of %s source sends meanwhile comes behind the large event it is in',
  async (kind) => {
    const app = await sseApp();
    const large = 'X'.repeat(500_000);
    const text = await new Promise<string>((resolve) => {
      app.get('/', (_request, reply) => {
        const stream = kind === 'one' ? reply.sse() : reply.sse(app.channel('a'));
        let received = '';
        let isSent = false;
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          received += chunk;
          if (!isSent && chunk.includes('X')) {
            isSent = true;
            for (const n of [1, 2, 3]) stream.send(`meanwhile ${n}`);
          }
          if (received.includes('the end')) reply.raw.end(() => resolve(received));
          else if (received.includes('meanwhile 3')) stream.send('the end');
        });
        reply.hijack();
        if (kind === 'one') setImmediate(() => stream.send(large));
        else void app.channel('a').publish({ data: large });
      });
      void app.inject('/');
    });

    const events = [...text.matchAll(/^data: (\w.*)$/gm)].map(([, data = '']) => data);
    expect(events.map((data) => data.slice(0, 11))).toEqual([
      'X'.repeat(11),
      'meanwhile 1',
      'meanwhile 2',
      'meanwhile 3',
      'the end',
    ]);
    expect(events[0]).toHaveLength(large.length);
  },
);
