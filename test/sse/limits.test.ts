import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import sse from '../../plugins/sse.ts';
import websocket from '../../plugins/websocket.ts';
import { openSSE } from '../support/event-reader.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const silent = { onEvent() {}, onClose() {} };

async function limitedApp(options: Parameters<typeof sseApp>[0]) {
  const app = await sseApp({ retry: 500, ...options });
  app.get<{ Params: { name: string } }>('/:name', ({ params }, reply) =>
    reply.sse(app.channel(params.name)),
  );
  app.get('/hello', async () => 'hello');
  const url = await listen(app);
  return { app, url };
}

/** What one more client gets, when that is an answer that ends. */
async function refusal(
  url: string,
): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
  const type = response.headers.get('content-type');
  return { status: response.status, type, text: await response.text() };
}

const REFUSED = {
  status: 200,
  type: 'text/event-stream',
  // Spread between one and two times the reconnection time.
  text: expect.stringMatching(/^retry: (5|6|7|8|9|10)\d\d?\d?\n$/),
};

describe('N2: one stream too many', () => {
  it('of the process is told when to come back, while other requests are answered', async () => {
    const { app, url } = await limitedApp({ maxStreams: 3 });
    const readers = ['a', 'b', 'c'].map((name) => openSSE(`${url}/${name}`, undefined, silent));
    await expect.poll(() => app.sse.stats().streams).toBe(3);
    expect(await refusal(`${url}/d`)).toEqual(REFUSED);
    expect(await (await fetch(`${url}/hello`)).text()).toBe('hello');
    expect(app.sse.stats()).toMatchObject({ streams: 3, refused: 1 });

    readers[0]?.kill();
    await expect.poll(() => app.sse.stats().streams).toBe(2);
    openSSE(`${url}/d`, undefined, silent);
    await expect.poll(() => app.sse.stats().streams).toBe(3);
  });

  it('of a channel is told so, and other channels have room', async () => {
    const { app, url } = await limitedApp({ maxStreamsPerChannel: 1 });
    openSSE(`${url}/a`, undefined, silent);
    await expect.poll(() => app.channel('a').size).toBe(1);
    expect(await refusal(`${url}/a`)).toEqual(REFUSED);
    openSSE(`${url}/b`, undefined, silent);
    await expect.poll(() => app.channel('b').size).toBe(1);
  });

  it('of an address is told so', async () => {
    const { app, url } = await limitedApp({ maxStreamsPerAddress: 2 });
    const [one] = ['a', 'b'].map((name) => openSSE(`${url}/${name}`, undefined, silent));
    await expect.poll(() => app.sse.stats().streams).toBe(2);
    expect(await refusal(`${url}/c`)).toEqual(REFUSED);
    one?.kill();
    await expect.poll(() => app.sse.stats().streams).toBe(1);
    openSSE(`${url}/c`, undefined, silent);
    await expect.poll(() => app.channel('c').size).toBe(1);
  });

  it('over WebSocket is answered 503 before it is one', async () => {
    const { app, url } = await limitedApp({ maxStreams: 1 });
    openSSE(`${url}/a`, undefined, silent);
    await expect.poll(() => app.sse.stats().streams).toBe(1);
    const other = await sseApp({ maxStreams: 1 });
    await other.register(websocket, { path: '/ws', channel: () => app.channel('a') });
    const socket = new WebSocket(`${(await listen(other)).replace('http', 'ws')}/ws`);
    const [, response] = await once(socket, 'unexpected-response');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    expect(app.sse.stats()).toMatchObject({ streams: 1, refused: 1 });
  });

  it.each([{ maxStreams: 0 }, { maxStreams: 1.5 }, { maxStreamsPerAddress: -1 }, { limit: 3 }])(
    'needs a limit that is one: %j is refused',
    async (options) => {
      const app = await sseApp().then((one) => one);
      const register = async () => app.register(async (scope) => sse(scope, options));
      await expect(register()).rejects.toThrow();
    },
  );
});

describe('a client that takes nothing', () => {
  it('is disconnected after a while, counted, and comes back to where it was', async () => {
    const { app, url } = await limitedApp({ stallTimeout: 1000 });
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1').pause();
    socket.on('error', () => {});
    socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    const channel = app.channel('a');
    await expect.poll(() => channel.size).toBe(1);
    let last = '';
    openSSE(`${url}/a`, undefined, { ...silent, onEvent: ({ data }) => (last = data) });
    await expect.poll(() => channel.size).toBe(2);
    for (let n = 1; n <= 200; n += 1) await channel.publish({ data: `${n} ${'x'.repeat(50_000)}` });
    await expect.poll(() => channel.size, { timeout: 20_000 }).toBe(1);
    expect(app.sse.stats().stalled).toBe(1);
    await expect.poll(() => last.split(' ')[0]).toBe('200');
    socket.destroy();
  });

  it('of nothing is not stalled', async () => {
    const { app, url } = await limitedApp({ stallTimeout: 40, heartbeatInterval: 10 });
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1').pause();
    socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    let beats = 0;
    const response = await fetch(`${url}/b`);
    for await (const chunk of response.body ?? []) {
      beats += Buffer.from(chunk).toString().split(':\n').length - 1;
      if (beats >= 20) break;
    }
    expect(app.channel('a').size).toBe(1);
    expect(app.sse.stats().stalled).toBe(0);
    socket.destroy();
  });
});

describe('a stream with an end', () => {
  it('ends when its token does, and the next request is up to the hooks', async () => {
    const app = await sseApp();
    const expires = Date.now() + 60_000;
    app.get('/', async (_request, reply) => {
      if (Date.now() >= expires) return reply.code(401).send('expired');
      return reply.sse(app.channel('news'), { until: new Date(expires) });
    });
    const url = await listen(app);
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const response = await fetch(url);
    await expect.poll(() => app.channel('news').size).toBe(1);
    vi.advanceTimersByTime(expires - Date.now() - 1);
    expect(app.channel('news').size).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await response.text()).toContain('dev-serve:position');
    expect((await fetch(url)).status).toBe(401);
  });

  it('may have it in seconds since the epoch, as in a JWT, and in the past', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.sse(undefined, { until: Date.now() / 1000 - 5 }));
    expect(await (await fetch(await listen(app))).text()).toMatch(/^retry/);
  });

  it('ends at its age, less up to a fifth', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.sse(app.channel('news'), { maxAge: 200 }));
    const url = await listen(app);
    const start = performance.now();
    await (await fetch(url)).text();
    expect(performance.now() - start).toBeGreaterThanOrEqual(155);
  });

  it.each([
    ['no time', { until: Number.NaN }],
    ['no date', { until: new Date('x') }],
    ['no age', { maxAge: 0 }],
    ['an option that nobody knows', { unitl: 5 }],
    ['a filter without a channel', { filter: () => true }],
    ['a filter that is none', { filter: 'x' }],
  ])('with %s is refused with a coded error', async (_name, options) => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.sse(undefined, options as never));
    app.setErrorHandler((error, _request, reply) =>
      reply.send({ code: Reflect.get(Object(error), 'code') }),
    );
    const response = await app.inject('/');
    expect(response.json()).toEqual({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
    expect(app.sse.stats().streams).toBe(0);
  });
});
