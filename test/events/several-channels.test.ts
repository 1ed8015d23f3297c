import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Channel } from '../../plugins/events/channel.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { newHub, newStream, recordingSink } from '../support/event-hub.ts';

async function publishAll(hub: ReturnType<typeof newHub>, ...events: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const event of events) {
    const [channel = ''] = event;
    ids.push(await hub.channel(channel).publish({ data: event }));
  }
  return ids;
}

const textOf = (sink: ReturnType<typeof recordingSink>) => sink.written.map(({ data }) => data);

describe('several channels on one stream', () => {
  it('come in the order in which they were published, and no other channel with them', async () => {
    const hub = newHub();
    const sink = recordingSink();
    Channel.subscribe([hub.channel('b'), hub.channel('a')], sink);
    await publishAll(hub, 'a1', 'b1', 'c1', 'a2', 'c2', 'b2');
    await turn();
    expect(textOf(sink)).toEqual(['{"recovered":true}', 'a1', 'b1', 'a2', 'b2']);
  });

  it('resume all of them after the one id', async () => {
    const hub = newHub();
    const [, b1] = await publishAll(hub, 'a1', 'b1', 'c1', 'a2', 'b2');
    const sink = recordingSink();
    Channel.subscribe([hub.channel('a'), hub.channel('b')], sink, { lastEventId: b1 });
    await expect.poll(() => textOf(sink)).toEqual(['{"recovered":true}', 'a2', 'b2']);
  });

  it('may be others than before: the id serves every channel of the store', async () => {
    const hub = newHub();
    const [a1] = await publishAll(hub, 'a1', 'b1', 'c1');
    const sink = recordingSink();
    Channel.subscribe([hub.channel('b'), hub.channel('c')], sink, { lastEventId: a1 });
    await expect.poll(() => textOf(sink)).toEqual(['{"recovered":true}', 'b1', 'c1']);
  });

  it('are merged out of long histories, page by page', async () => {
    const hub = newHub({ store: memoryStore({ limit: 2000 }) });
    const [first] = await publishAll(hub, 'a start');
    const expected: string[] = [];
    for (let n = 0; n < 1500; n += 1) expected.push(`${n % 7 === 0 ? 'b' : 'a'}${n}`);
    await publishAll(hub, ...expected);
    const sink = recordingSink();
    Channel.subscribe([hub.channel('a'), hub.channel('b')], sink, { lastEventId: first });
    await expect.poll(() => sink.written.length).toBe(1501);
    expect(textOf(sink).slice(1)).toEqual(expected);
  });

  it('tell of a loss in any of them, and go on with what is left of all', async () => {
    const hub = newHub({ store: memoryStore({ limit: 2 }) });
    const [a1] = await publishAll(hub, 'a1', 'b1', 'a2', 'a3', 'a4', 'a5');
    const sink = recordingSink();
    Channel.subscribe([hub.channel('a'), hub.channel('b')], sink, { lastEventId: a1 });
    await expect.poll(() => textOf(sink)).toEqual(['{"recovered":false}', 'b1', 'a4', 'a5']);
  });

  it('are no loss to a reader of those that have lost nothing', async () => {
    const hub = newHub({ store: memoryStore({ limit: 2 }) });
    const [a1] = await publishAll(hub, 'a1', 'b1', 'a2', 'a3', 'a4', 'a5');
    const sink = recordingSink();
    hub.channel('b').subscribe(sink, { lastEventId: a1 });
    await expect.poll(() => textOf(sink)).toEqual(['{"recovered":true}', 'b1']);
  });

  it('share the bytes among readers of the same', async () => {
    const hub = newHub();
    const [a, b] = [hub.channel('a'), hub.channel('b')];
    const streams = [newStream(hub, [a, b]), newStream(hub, [b, a])];
    await turn();
    for (const stream of streams) stream.read();
    await publishAll(hub, 'a1', 'b1');
    await turn();
    const [first, second] = streams.map((stream) => stream.read());
    expect(first?.toString()).toContain('data: b1');
    expect(second).toBe(first);
  });

  it('count in the size of each', async () => {
    const hub = newHub();
    const [a, b] = [hub.channel('a'), hub.channel('b')];
    const stream = newStream(hub, [a, b, a]);
    expect([a.size, b.size]).toEqual([1, 1]);
    expect(hub.stats()).toMatchObject({ streams: 1, channels: 2 });
    stream.destroy();
    await expect.poll(() => [a.size, b.size]).toEqual([0, 0]);
    expect(hub.stats()).toMatchObject({ streams: 0, channels: 0 });
  });

  it('are at most 64, of one store, and at least one', async () => {
    const hub = newHub();
    const names = Array.from({ length: 65 }, (_, index) => hub.channel(`room ${index}`));
    const refusal = expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_SOURCE' });
    expect(() => newStream(hub, names.slice(1))).not.toThrow();
    expect(() => newStream(hub, names)).toThrow(refusal);
    expect(() => newStream(hub, [hub.channel('a'), newHub().channel('a')])).toThrow(refusal);
    expect(() => newStream(hub, [])).toThrow(refusal);
    await expect.poll(() => hub.stats().streams).toBe(1);
  });
});

describe('channels that nobody uses any more', () => {
  it('are forgotten: ten thousand of them leave no memory behind', async () => {
    const hub = newHub({ store: memoryStore({ maxAge: 100 }) });
    const use = async (run: string) => {
      for (let n = 0; n < 10_000; n += 1) {
        const channel = hub.channel(`${run} ${n}`);
        const subscription = channel.subscribe(recordingSink());
        await channel.publish({ data: 'x'.repeat(200) });
        subscription.end();
      }
    };
    // Once for what is kept for ever, such as compiled code.
    await use('first');
    const before = await settled();
    await use('second');
    await expect
      .poll(async () => (heapAfterCollection() - before) / 10_000, { timeout: 20_000 })
      .toBeLessThan(20);
    expect(hub.stats()).toMatchObject({ streams: 0, channels: 0, publishes: 20_000 });
  });

  it('are the same object as long as somebody holds it', () => {
    const hub = newHub();
    const channel = hub.channel('news');
    expect(hub.channel('news')).toBe(channel);
  });
});

/** Bytes in use when nothing is left to collect. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}

/** The same, once it does not fall any more. */
async function settled(): Promise<number> {
  let [last, now] = [Number.POSITIVE_INFINITY, heapAfterCollection()];
  while (now < last - 10_000) {
    await delay(200);
    [last, now] = [now, heapAfterCollection()];
  }
  return now;
}
