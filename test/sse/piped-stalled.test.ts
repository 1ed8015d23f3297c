import { PassThrough, type Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import sse, { type Channel, type EventStream, type SSEOptions } from '../../plugins/sse.ts';
import { visit } from '../support/event-request.ts';
import { fastifyKinds } from '../support/fastify-kinds.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const news = (app: FastifyInstance) => app.channel('news');

describe.each(fastifyKinds)('behind a hook that wraps the stream, a client over $name', (kind) => {
  async function start(
    options: SSEOptions,
    source = (_app: FastifyInstance): Channel | undefined => undefined,
  ) {
    const app = kind.create();
    await app.register(sse, options);
    app.addHook('onSend', async (_request, _reply, payload: Readable) =>
      payload.pipe(new PassThrough()),
    );
    const replies: FastifyReply[] = [];
    const streams: EventStream[] = [];
    app.get('/', (_request, reply) => {
      const stream = reply.sse(source(app));
      replies.push(reply);
      streams.push(stream);
      return stream;
    });
    const client = kind.visit(await listen(app));
    await expect.poll(() => client.text).toContain('retry');
    client.pause();
    const [stream = expect.fail()] = streams;
    const [{ raw: response } = expect.fail()] = replies;
    return { app, channel: app.channel('news'), stream, response };
  }

  it('that takes nothing is broken off, though small events keep coming', async () => {
    const { app, channel, response } = await start({ stallTimeout: 1000 }, news);
    while (response.writableLength === 0) {
      await channel.publish({ data: 'x'.repeat(1000) });
      // TLS keeps for a turn or two what goes all the same.
      for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
    }
    // Far less than the ways in between take, for longer than a client may take nothing.
    const trickle = setInterval(() => void channel.publish({ data: 'x' }), 20);
    onTestFinished(() => clearInterval(trickle));
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, stalled: 1 });
  });

  it('that takes nothing of what is sent to it alone counts once', async () => {
    const { app, stream } = await start({ stallTimeout: 200 });
    while (stream.send('x'.repeat(60_000))) await new Promise(setImmediate);
    await expect.poll(() => app.sse.stats().streams).toBe(0);
    // The clock that breaks off whoever takes nothing has looked often enough.
    await new Promise((done) => setTimeout(done, 500));
    expect(app.sse.stats().stalled).toBe(1);
  });

  it('that takes nothing of what is sent to it behind a channel counts once', async () => {
    const { app, channel, stream } = await start({ stallTimeout: 200 }, news);
    while (stream.send('x'.repeat(60_000))) await new Promise(setImmediate);
    await expect.poll(() => channel.size).toBe(0);
    await expect.poll(() => app.sse.stats().streams).toBe(0);
    await new Promise((done) => setTimeout(done, 500));
    expect(app.sse.stats().stalled).toBe(1);
  });

  it('may be sent something behind a large event that was published', async () => {
    const { app, channel, stream } = await start({}, news);
    channel.publish({ data: 'x'.repeat(4 * 1024 * 1024) });
    for (const word of ['one', 'two', 'three']) expect(stream.send(word)).toBe(true);
    await new Promise(setImmediate);
    expect(stream.open).toBe(true);
    expect(app.sse.stats().stalled).toBe(0);
  });
});

it('a stream that is wrapped long before it is answered is not taken for one that nobody takes', async () => {
  const app = await sseApp({ stallTimeout: 200 });
  const channel = app.channel('news');
  app.get('/', async (_request, reply) => {
    const body = reply.sse(channel).pipe(new PassThrough());
    for (let n = 0; n < 40; n += 1) await channel.publish({ data: `${n} ${'x'.repeat(10_000)}` });
    await new Promise((done) => setTimeout(done, 600));
    return body;
  });
  const client = visit(await listen(app));
  await expect.poll(() => client.text).toContain('data: 39 x');
  expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
});

it('a generator as quick as can be is not taken for a client that takes nothing', async () => {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(sse);
  app.get('/', (_request, reply) =>
    reply.sse(async function* () {
      for (let n = 0; n < 4000; n += 1) yield { data: `${n} ${'x'.repeat(1000)}` };
    }),
  );
  const { body } = await app.inject('/');
  expect(body.match(/^data: /gm)).toHaveLength(4000);
  expect(app.sse.stats().stalled).toBe(0);
});
