import { EventEmitter, once } from 'node:events';
import { finished } from 'node:stream/promises';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import sse, { type EventStream, type SSEOptions } from '../../plugins/sse.ts';
import { expectedWay, takeWay, wayOf } from '../support/direct.ts';
import { visit } from '../support/event-request.ts';
import { rawClient } from '../support/raw-client.ts';
import { listen } from '../support/sse-app.ts';

const GET = ['GET / HTTP/1.1', 'Host: 127.0.0.1'];

/** What the streams of a server have told, and its log of requests. */
async function serve(prepare: (app: FastifyInstance) => void = () => {}, options: SSEOptions = {}) {
  const lines: string[] = [];
  const seen: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const app = Fastify({ logger: { level: 'info', stream } });
  onTestFinished(() => app.close());
  app.addHook('onResponse', async () => void seen.push('onResponse'));
  app.addHook('onRequestAbort', (_request, done) => {
    seen.push('onRequestAbort');
    done();
  });
  prepare(app);
  await app.register(sse, options);
  const channel = app.channel('news');
  const streams: EventStream[] = [];
  const replies: FastifyReply[] = [];
  app.get('/', (_request, reply) => {
    const one = reply.sse(channel);
    streams.push(one);
    replies.push(reply);
    for (const name of ['end', 'close']) one.on(name, () => seen.push(name));
    return one;
  });
  const origin = await listen(app);
  return {
    app,
    channel,
    origin,
    port: Number(new URL(origin).port),
    seen,
    stream: () => streams[0] ?? expect.fail('no stream'),
    response: () => replies[0]?.raw ?? expect.fail('no response'),
    completed: () => lines.filter((line) => line.includes('request completed')).length,
  };
}

describe.each(['direct', 'piped'] as const)('a stream that is %s', (way) => {
  takeWay(way);

  it('that is closed ends, then closes; the request is over and logged once', async () => {
    const { channel, origin, seen, stream, completed } = await serve();
    const answer = visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    expect(wayOf(stream())).toBe(expectedWay(way));
    const over = finished(stream());
    stream().close();
    await expect.poll(() => answer.ended).toBe(true);
    await over;
    await expect.poll(() => seen.toSorted()).toEqual(['close', 'end', 'onResponse']);
    expect(seen.indexOf('end')).toBeLessThan(seen.indexOf('close'));
    expect(completed()).toBe(1);
    expect(channel.size).toBe(0);
  });

  it('whose client leaves is closed, and the app hears of it', async () => {
    const { app, channel, origin, seen, stream } = await serve();
    const answer = visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    const over = finished(stream(), { writable: false }).then(
      () => 'ended',
      (error: NodeJS.ErrnoException) => error.code,
    );
    answer.leave();
    await expect.poll(() => seen.toSorted()).toEqual(['close', 'onRequestAbort']);
    expect(await over).toBe('ERR_STREAM_PREMATURE_CLOSE');
    expect(stream().send('too late')).toBe(false);
    await channel.publish({ data: 'to nobody' });
    expect(app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('that the app destroys is broken off', async () => {
    const { app, origin, seen, stream } = await serve();
    const answer = visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    stream().destroy();
    await expect.poll(() => answer.closed).toBe(true);
    expect(answer.ended).toBe(false);
    await expect.poll(() => seen).toContain('close');
    await expect.poll(() => app.sse.stats().streams).toBe(0);
  });

  it('that the app destroys with an error is broken off, and nothing crashes', async () => {
    const { app, origin, stream } = await serve();
    const answer = visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    stream().destroy(new Error('a bug of the app'));
    await expect.poll(() => answer.closed).toBe(true);
    expect(answer.ended).toBe(false);
    await expect.poll(() => app.sse.stats().streams).toBe(0);
  });

  it('whose client closes its half of the connection is closed', async () => {
    const { channel, port, seen } = await serve();
    const client = rawClient(port);
    client.send(...GET);
    await expect.poll(() => client.received).toContain('position');
    client.socket.end();
    await client.closed;
    await expect.poll(() => channel.size).toBe(0);
    await expect.poll(() => seen).toContain('close');
    await channel.publish({ data: 'to nobody' });
  });

  it('lives longer than a connection may be silent, for as long as it is written to', async () => {
    const { channel, port, response } = await serve();
    const client = rawClient(port);
    client.send(...GET);
    await expect.poll(() => client.received).toContain('position');
    const socket = response().socket ?? expect.fail('no socket');
    let [writtenAt, silence] = [0, 0];
    socket.setTimeout(300);
    socket.once('timeout', () => {
      silence = performance.now() - writtenAt;
    });
    for (let n = 0; n < 8 && silence === 0; n += 1) {
      writtenAt = performance.now();
      await channel.publish({ data: n });
      // A pace for longer than the limit, not a wait.
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await expect.poll(() => silence).toBeGreaterThan(0);
    // Counted from the last event, not from the head.
    expect(silence).toBeGreaterThan(150);
    await expect.poll(() => channel.size).toBe(0);
  });

  it('that is silent for longer than a connection may be is ended, and the hooks for it are run', async () => {
    const timedOut: string[] = [];
    const { channel, origin } = await serve((app) => {
      // What Fastify makes of its `connectionTimeout`.
      app.server.setTimeout(500);
      app.addHook('onTimeout', async ({ url }) => void timedOut.push(url));
    });
    const answer = visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    await expect.poll(() => answer.closed).toBe(true);
    expect(answer.ended).toBe(false);
    expect(timedOut).toEqual(['/']);
    await expect.poll(() => channel.size).toBe(0);
  });

  it('takes no server along when its response fails', async () => {
    const { app, origin, response } = await serve();
    const answer = visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    response().emit('error', new Error('written to it, where nobody should'));
    answer.leave();
    await expect.poll(() => app.sse.stats().streams).toBe(0);
  });
});

/** A server whose last hook waits until it is let go, and has been reached. */
async function waitingServer() {
  const hook = new EventEmitter();
  const reached = once(hook, 'reached');
  const server = await serve((app) => {
    let isFirst = true;
    app.addHook('onSend', async () => {
      // An error that takes its place comes by as well.
      if (!isFirst) return;
      isFirst = false;
      const goneOn = once(hook, 'go on');
      hook.emit('reached');
      await goneOn;
    });
  });
  return { ...server, reached, goOn: () => hook.emit('go on') };
}

describe('while a hook waits', () => {
  it('the client leaves: nothing is written, and nothing is left', async () => {
    const { app, origin, reached, goOn, response, seen } = await waitingServer();
    const answer = visit(origin);
    await reached;
    answer.leave();
    await expect.poll(() => seen).toContain('close');
    goOn();
    await new Promise(setImmediate);
    expect(response().headersSent).toBe(false);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('the stream is closed: its client gets what was written before, and the end', async () => {
    const { app, origin, reached, goOn, stream } = await waitingServer();
    const answer = visit(origin);
    await reached;
    stream().send('before');
    stream().close();
    goOn();
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.text).toMatch(/^retry: 1000\n/);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('the stream is destroyed: its client is told of an error', async () => {
    const { app, origin, reached, goOn, stream } = await waitingServer();
    const answer = visit(origin);
    await reached;
    stream().destroy();
    goOn();
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer.status).toBe(500);
    await expect.poll(() => app.sse.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('the app closes: the client gets the end and a time to come back', async () => {
    const { app, origin, reached, goOn } = await waitingServer();
    const answer = visit(origin);
    await reached;
    const closing = app.close();
    await new Promise(setImmediate);
    goOn();
    await expect.poll(() => answer.closed).toBe(true);
    await closing;
    expect(answer.ended).toBe(true);
    expect(answer.text).toMatch(/retry: \d+\n$/);
  });

  it('events are published: the client gets them in order behind its position', async () => {
    const { channel, origin, reached, goOn, stream } = await waitingServer();
    const answer = visit(origin);
    await reached;
    for (let n = 0; n < 3; n += 1) await channel.publish({ data: n });
    goOn();
    await expect.poll(() => answer.text).toContain('data: 2\n');
    expect(wayOf(stream())).toBe(expectedWay('direct'));
    expect([...answer.text.matchAll(/^data: (\d)$/gm)].map(([, n]) => n)).toEqual(['0', '1', '2']);
  });
});
