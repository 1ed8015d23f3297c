import { describe, expect, it } from 'vitest';
import { type EventStream, eventStream, type HttpResponse } from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { serve, serverKinds } from '../support/http-servers.ts';

const KILOBYTE = 'x'.repeat(1024);

describe.each(serverKinds)('a client of $name', (kind) => {
  it('that takes nothing costs its buffers, and then gets everything', async () => {
    const hub = newHub();
    const seen: Array<{ stream: EventStream; response: HttpResponse }> = [];
    let made = 0;
    const origin = await serve(kind, (request, response) => {
      const stream = eventStream(
        request,
        response,
        async function* () {
          while (made < 20_000) yield `${++made} ${KILOBYTE}`;
        },
        { hub },
      );
      seen.push({ stream, response });
    });
    const answer = kind.visit(origin);
    await expect.poll(() => answer.text).toContain('data: 1 ');
    answer.pause();
    let before = -1;
    const standsStill = () => {
      const stands = made === before;
      before = made;
      return stands;
    };
    await expect.poll(standsStill, { interval: 100 }).toBe(true);
    // What the kernel takes on both sides varies; 20 MB it does not.
    expect(made).toBeLessThan(18_000);
    const [one] = seen;
    expect(one?.stream.readableLength).toBeLessThan(64 * 1024);
    expect(one?.response.writableLength ?? 0).toBeLessThan(64 * 1024);
    answer.resume();
    await expect.poll(() => answer.ended, { timeout: 20_000 }).toBe(true);
    expect(answer.text.match(/^data: \d+/gm)?.length).toBe(20_000);
  });

  it('that takes nothing for stallTimeout is disconnected, and that is counted', async () => {
    const hub = newHub({ stallTimeout: 100 });
    const news = hub.channel('news');
    const origin = await serve(kind, (request, response) => eventStream(request, response, news));
    const answer = kind.visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    answer.pause();
    const data = KILOBYTE.repeat(256);
    await expect
      .poll(() => news.publish({ data }).then(() => hub.stats()), { interval: 5 })
      .toMatchObject({ stalled: 1, streams: 0 });
    answer.resume();
    await expect.poll(() => answer.closed).toBe(true);
  });

  it('beyond maxStreams or of too busy an address is told to come back', async () => {
    const hub = newHub({ maxStreamsPerAddress: 1, retry: 500 });
    const news = hub.channel('news');
    const origin = await serve(kind, (request, response) => {
      const address = request.headers['x-forwarded-for'];
      eventStream(request, response, news, { address: address ? String(address) : undefined });
    });
    kind.visit(origin);
    await expect.poll(() => news.size).toBe(1);
    const refused = kind.visit(origin);
    await expect.poll(() => refused.ended).toBe(true);
    expect(refused).toMatchObject({ status: 200, text: expect.stringMatching(/^retry: \d+\n$/) });
    kind.visit(origin, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    await expect.poll(() => news.size).toBe(2);
    expect(hub.stats()).toMatchObject({ streams: 2, refused: 1 });
  });

  it('hears that an idle stream lives', async () => {
    const hub = newHub({ heartbeatInterval: 20 });
    const origin = await serve(kind, (request, response) =>
      eventStream(request, response, undefined, { hub }),
    );
    const answer = kind.visit(origin);
    await expect.poll(() => answer.text).toMatch(/^retry: 1000\n:\n/);
  });
});
