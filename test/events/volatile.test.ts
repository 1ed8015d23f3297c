import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newChannel, newHub, newStream, recordingSink } from '../support/event-hub.ts';

const dataOf = (sink: ReturnType<typeof recordingSink>) => sink.written.map(({ data }) => data);

describe('a volatile event', () => {
  it('reaches who is connected, in its place among the others', async () => {
    const channel = newChannel();
    const sink = recordingSink();
    channel.subscribe(sink);
    await turn();
    void channel.publish({ data: 'begin' });
    void channel.publish({ data: 'half', log: false });
    void channel.publish({ data: 'end' });
    await turn();
    await turn();
    expect(dataOf(sink)).toEqual(['{"recovered":true}', 'begin', 'half', 'end']);
  });

  it('carries the id of the event before it, so that resuming there misses and repeats nothing', async () => {
    const channel = newChannel();
    const sink = recordingSink();
    const subscription = channel.subscribe(sink);
    const first = await channel.publish({ data: 'first' });
    await channel.publish({ data: 'volatile', log: false });
    await turn();
    subscription.end();
    expect(sink.written.map(({ id }) => id)).toEqual([expect.anything(), first, first]);

    const second = await channel.publish({ data: 'second' });
    const again = recordingSink();
    channel.subscribe(again, { lastEventId: first });
    await expect.poll(() => again.written.map(({ id }) => id)).toEqual([first, second]);
  });

  it('is not kept: who comes later never sees it', async () => {
    const channel = newChannel();
    const id = await channel.publish({ data: 'volatile', log: false });
    await channel.publish({ data: 'kept' });
    const sink = recordingSink();
    channel.subscribe(sink, { lastEventId: id });
    await expect.poll(() => dataOf(sink)).toEqual(['{"recovered":true}', 'kept']);
  });

  it('is missed by a reader without room, and the others are not', async () => {
    const channel = newChannel();
    const sink = recordingSink();
    const subscription = channel.subscribe({
      ...sink,
      write: (slice) => sink.write(slice) && false,
    });
    await turn();
    await channel.publish({ data: 1 });
    await channel.publish({ data: 'volatile', log: false });
    await turn();
    subscription.pump();
    expect(dataOf(sink)).toEqual(['{"recovered":true}', '1']);
  });

  it('gets through behind much that a filter holds back', async () => {
    const channel = newChannel();
    const sink = recordingSink();
    channel.subscribe(sink, { filter: ({ data }) => data === 'volatile' });
    await turn();
    // More than one write takes, and more than the client may stay without a newer place.
    for (let n = 0; n < 40; n += 1) void channel.publish({ data: 'x'.repeat(2000) });
    void channel.publish({ data: 'volatile', log: false });
    await turn();
    await turn();
    expect(dataOf(sink)).toContain('volatile');
  });

  it('goes out to each reader with shared bytes', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    const streams = [newStream(hub, channel), newStream(hub, channel)];
    await turn();
    for (const stream of streams) stream.read();
    await channel.publish({ data: 'volatile', log: false });
    await turn();
    const [first, second] = streams.map((stream) => stream.read());
    expect(first?.toString()).toContain('data: volatile');
    expect(second).toBe(first);
  });

  it('is asked for by a boolean', () => {
    expect(() => newChannel().publish({ data: 1, log: 'no' as never })).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }),
    );
  });
});
