import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import type { Received } from '../support/contiguity.ts';
import { openSSE } from '../support/event-reader.ts';
import { hasNginx, Nginx, type NginxOptions } from '../support/nginx.ts';
import { NewsServer, type NewsServerOptions } from '../support/peers/news-server.ts';
import { peers } from '../support/peers/peers.ts';
import { expectResumed, Reading } from '../support/peers/reading.ts';

const soon = { timeout: 20_000, interval: 1 };

/** A server with nginx in front of it, on which nothing is set but where to. */
async function startBehindNginx(
  context: TestContext,
  options: NewsServerOptions & NginxOptions = {},
) {
  const server = await NewsServer.start(context, options);
  const versions = new Set<string>();
  server.app.server.on('request', ({ httpVersion }) => versions.add(httpVersion));
  const nginx = await Nginx.start(context, server.port, options);
  return { server, nginx, versions };
}

/** Everything one client gets through nginx, and when its connection ends. */
function read({ onTestFinished }: TestContext, url: string) {
  const events: Received[] = [];
  let resolve = () => {};
  const closed = new Promise<void>((done) => {
    resolve = done;
  });
  const reader = openSSE(url, undefined, {
    onEvent: (event) => events.push(event),
    onClose: () => resolve(),
  });
  onTestFinished(() => reader.kill());
  return { events, closed, reader };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describe.skipIf(!hasNginx).concurrent('behind nginx', () => {
  it.for([
    // HTTP/1.0 is what nginx speaks to servers until it is told otherwise.
    { how: 'as it is installed', directives: [], version: '1.0' },
    {
      how: 'that keeps its connections to the server',
      directives: ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'],
      version: '1.1',
    },
  ])(
    '$how, each event arrives within 100 ms',
    { retry: 3 },
    async ({ directives, version }, context) => {
      const { server, nginx, versions } = await startBehindNginx(context, { directives });
      const { events } = read(context, nginx.url);
      await vi.waitFor(() => expect(events.length).toBe(1), soon);

      const delays: number[] = [];
      for (const length of [1, 10, 1000, 5000, 100_000, 20, 1, 300, 9000, 2, 40_000]) {
        const start = performance.now();
        const id = await server.channel.publish({ data: 'x'.repeat(length) });
        await vi.waitFor(() => expect(events.at(-1)?.id).toBe(id), soon);
        delays.push(performance.now() - start);
      }

      expect(median(delays)).toBeLessThan(100);
      // One that waited for a buffer to fill, or for the next event, would be later than this.
      expect(Math.max(...delays)).toBeLessThan(10_000);
      expect([...versions]).toEqual([version]);
    },
  );

  it('a client has the head of the response before any event, and as it was sent', async (context) => {
    const { nginx } = await startBehindNginx(context);
    const start = performance.now();
    const response = await fetch(nginx.url);
    // The first heartbeat would come after 15 s.
    expect(performance.now() - start).toBeLessThan(10_000);
    context.onTestFinished(() => response.body?.cancel());

    expect(response.status).toBe(200);
    expect(response.headers.get('server')).toMatch(/^nginx/);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(response.headers.get('content-encoding')).toBe(null);
  });

  it('HEAD is answered, and opens nothing', async (context) => {
    const { server, nginx } = await startBehindNginx(context);
    const response = await fetch(nginx.url, { method: 'HEAD' });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toBe('');
    expect(server.channel.size).toBe(0);
  });

  it('a client that leaves is noticed by the server', async (context) => {
    const { server, nginx } = await startBehindNginx(context);
    const { events, reader } = read(context, nginx.url);
    await vi.waitFor(() => expect(events.length).toBe(1), soon);
    expect(server.channel.size).toBe(1);

    reader.kill();
    await vi.waitFor(() => expect(server.channel.size).toBe(0), soon);
  });

  it('a client that reads nothing costs the server no more than buffers, and gets all of it', async (context) => {
    const { server, nginx } = await startBehindNginx(context);
    const { events, reader } = read(context, nginx.url);
    await vi.waitFor(() => expect(events.length).toBe(1), soon);

    reader.pause();
    const data = 'x'.repeat(30_000);
    const before = server.bytesWritten;
    for (let count = 1; count <= 500; count += 1) await server.channel.publish({ data });
    expect(server.bytesWritten - before).toBeLessThan(500 * data.length);
    reader.resume();
    await vi.waitFor(() => expect(events.length).toBe(501), soon);
    expect(events.slice(1).every((event) => event.data === data)).toBe(true);
  });

  const clients = peers.filter(({ transport }) => transport === 'sse');
  it.for(clients)('$name resumes, whichever of the two breaks off', async (peer, context) => {
    context.skip(!peer.available);
    const { server, nginx } = await startBehindNginx(context);
    const reading = new Reading(context, peer, nginx.url);
    await reading.positioned();
    const published: string[] = [];
    const publish = async (count: number) => {
      for (let left = count; left > 0; left -= 1) {
        const data = `${published.length} ${'x'.repeat((published.length * 997) % 5000)}`;
        published.push(data);
        await server.channel.publish({ data });
      }
    };

    const breakOff = [() => server.breakConnections(), () => nginx.restart()];
    for (const [breaks, end] of breakOff.entries()) {
      await publish(40);
      await Promise.all([end(), publish(20)]);
      await reading.positioned(breaks + 2);
    }
    await publish(20);

    await reading.reached(server.channel.lastEventId ?? '');
    expect(reading.events.map(({ data }) => data)).toEqual(published);
    expectResumed(reading);
  });

  const IDLE = 70_000;
  const outcomeOf = (closed: Promise<void>) =>
    Promise.race([closed.then(() => 'cut off'), delay(IDLE, 'open', { ref: false })]);

  it('an idle stream is still there after 70 seconds', { timeout: 180_000 }, async (context) => {
    const { server, nginx } = await startBehindNginx(context);
    const { events, closed } = read(context, nginx.url);
    expect(await outcomeOf(closed)).toBe('open');

    const id = await server.channel.publish({ data: 'at last' });
    await vi.waitFor(() => expect(events.at(-1)?.id).toBe(id), soon);
    // All this time it was one connection.
    expect(events).toHaveLength(2);
  });

  it('an idle stream without heartbeats is not', { timeout: 180_000 }, async (context) => {
    const { nginx } = await startBehindNginx(context, { heartbeatInterval: 3_600_000 });
    const { closed } = read(context, nginx.url);
    expect(await outcomeOf(closed)).toBe('cut off');
    expect(await nginx.errors()).toContain('upstream timed out');
  });
});
