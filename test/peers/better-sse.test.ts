import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { assume } from '../../plugins/events/typed-events.ts';
import type { EventStream, SourceContext } from '../../plugins/sse.ts';
import { visit } from '../support/event-request.ts';
import { noRejections, startNews } from '../support/peers/news-page.ts';

const soon = { timeout: 20_000 };
const CODED = expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' });

/** A server whose every stream is fed by hand, and is left to the test. */
async function startByHand() {
  const streams: EventStream[] = [];
  const site = await startNews({}, (_request, reply) => {
    const stream = reply.sse();
    streams.push(stream);
    return stream;
  });
  const answer = visit(site.origin);
  await expect.poll(() => streams.length, soon).toBe(1);
  return { ...site, answer, stream: assume<EventStream>(streams[0]) };
}

describe('as users of better-sse know it, a stream', () => {
  it('has its head and its reconnection time before anything is sent', async () => {
    const { answer } = await startByHand();
    await expect.poll(() => answer.text, soon).toBe('retry: 100\n');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('has the status and the headers that the handler sets', async () => {
    const { origin } = await startNews({}, (_request, reply) =>
      reply.code(201).header('x-mine', ['a', 'b']).sse(),
    );
    const answer = visit(origin);
    await expect.poll(() => answer.status, soon).toBe(201);
    expect(answer.headers).toMatchObject({ 'x-mine': 'a, b' });
  });

  it('knows what the client has seen, from the header and from both kinds of polyfill', async () => {
    const { origin } = await startNews({}, (_request, reply) =>
      reply.sse(async function* ({ lastEventId }: SourceContext) {
        yield String(lastEventId);
      }),
    );
    for (const [query, headers, expected] of [
      ['', {}, 'undefined'],
      ['', { 'last-event-id': '1' }, '1'],
      ['?lastEventId=2', {}, '2'],
      ['?evs_last_event_id=3', {}, '3'],
    ] as const) {
      const answer = visit(`${origin}/${query}`, { headers });
      await expect.poll(() => answer.text, soon).toContain(`data: ${expected}\n`);
    }
  });

  it('has no id unless it is given one', async () => {
    const { stream, answer } = await startByHand();
    stream.send('without');
    stream.send({ event: 'tick', data: { n: 1 }, id: '7' });
    await expect
      .poll(() => answer.text, soon)
      .toBe('retry: 100\ndata: without\n\nevent: tick\ndata: {"n":1}\nid: 7\n\n');
  });

  it('is not connected any more once its client has left, and then takes nothing', async () => {
    const { stream, answer } = await startByHand();
    const closed = once(stream, 'close');
    expect(stream.open).toBe(true);
    answer.leave();
    await closed;
    expect(stream.open).toBe(false);
    // There, this throws.
    expect(stream.send('anybody?')).toBe(false);
  });

  it.each<[string, unknown]>([
    ['undefined as data', { event: 'broken', id: '1', data: undefined }],
    ['a function as data', { event: 'broken', data: () => {} }],
    ['an id that ends its line', { id: '1\ndata: forged\n\n', data: 'x' }],
    ['an id with a CR', { id: '1\rdata: forged', data: 'x' }],
    ['an id with a NUL, which clients ignore', { id: '1\0', data: 'x' }],
    ['an event that ends its line', { event: 'a\r\ndata: forged', data: 'x' }],
  ])('refuses %s, and leaves no half of it to the next event', async (_what, message) => {
    const { stream, answer } = await startByHand();
    stream.send('before');
    expect(() => stream.send(assume(message))).toThrow(CODED);
    stream.send('after');
    await expect.poll(() => answer.text, soon).toBe('retry: 100\ndata: before\n\ndata: after\n\n');
  });

  it('keeps each line of its data, which a serializer of its own cuts to the first there', async () => {
    const { stream, answer } = await startByHand();
    stream.send('one\ntwo\r\nthree\rfour');
    await expect
      .poll(() => answer.text, soon)
      .toContain('data: one\ndata: two\ndata: three\ndata: four\n\n');
  });

  it('sends what a Readable and an iterator hold, and ends with them', async () => {
    const { origin } = await startNews({}, ({ url }, reply) =>
      url === '/?readable'
        ? reply.sse(Readable.from(['a', 'b']))
        : reply.sse(async function* () {
            yield* ['a', 'b'];
          }),
    );
    for (const query of ['?readable', '?iterator']) {
      const answer = visit(`${origin}/${query}`);
      await expect.poll(() => answer.ended, soon).toBe(true);
      expect(answer.text).toBe('retry: 100\ndata: a\n\ndata: b\n\n');
    }
  });

  it('is no longer written to after its client has left, by the heartbeat neither', async () => {
    noRejections();
    const { app, origin } = await startNews({ heartbeatInterval: 5 });
    const stays = visit(origin);
    const leaves = visit(origin);
    await expect.poll(() => app.sse.stats().streams, soon).toBe(2);
    leaves.leave();
    await expect.poll(() => app.sse.stats().streams, soon).toBe(1);
    await expect.poll(() => stays.text, soon).toMatch(/(:\n){5}$/);
  });

  it('of a client that takes nothing holds 1 MiB at most', async () => {
    const { stream, answer } = await startByHand();
    answer.pause();
    let sentBytes = 0;
    const most = 200 * 1024 * 1024;
    while (stream.send('x'.repeat(64 * 1024)) && sentBytes < most) {
      sentBytes += 64 * 1024;
      expect(stream.readableLength).toBeLessThan(1.2 * 1024 * 1024);
      if (sentBytes % (1024 * 1024) === 0) await new Promise(setImmediate);
    }
    expect(stream.open).toBe(false);
    expect(sentBytes).toBeLessThan(most);
  });
});
