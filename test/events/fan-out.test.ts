import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Channel } from '../../plugins/events/channel.ts';
import { Feed } from '../../plugins/events/feed.ts';
import type { Frame } from '../../plugins/events/message.ts';
import type { Sink } from '../../plugins/events/outlet.ts';
import type { Subscription } from '../../plugins/events/subscription.ts';
import { newChannel, newHub, recordingSink } from '../support/event-hub.ts';

const READERS = 2500;
const SHARE = 1000;

/** Remembers the data of each write, but for the position. */
class Reader implements Sink {
  readonly writes: string[][] = [];
  subscription: Subscription | undefined;
  closed = false;
  onWrite: () => void = () => {};

  constructor(channel: Channel) {
    this.subscription = channel.subscribe(this, { onError: () => {} });
  }

  get data(): string[] {
    return this.writes.flat();
  }

  write(slice: readonly Frame[]): boolean {
    const data = slice.filter(({ event }) => !event.startsWith('dev-serve:'));
    if (data.length > 0) {
      this.writes.push(data.map((frame) => frame.data));
      this.onWrite();
    }
    return true;
  }

  close(): void {
    this.closed = true;
  }
}

/** A channel with so many readers that have been told where they are. */
async function crowd(count = READERS, channel = newChannel()) {
  const readers = Array.from({ length: count }, () => new Reader(channel));
  await turn();
  await turn();
  const written = () => readers.filter(({ writes }) => writes.length > 0).length;
  return { channel, readers, written, at: (nth: number) => readers[nth] ?? expect.fail() };
}

/** Runs turns until `isDone`; what `look` tells after each of them. */
async function turnsUntil<Seen>(isDone: () => boolean, look: () => Seen): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let turns = 0; !isDone() && turns < 1000; turns += 1) {
    await turn();
    seen.push(look());
  }
  expect(isDone()).toBe(true);
  return seen;
}

describe(`fan-out to ${READERS} readers`, () => {
  it(`writes to ${SHARE} in a turn, and to each once`, async () => {
    const { channel, readers, written } = await crowd();
    const seen: number[] = [];
    void channel.publish({ data: 1 });
    let before = 0;
    await turnsUntil(
      () => written() === READERS,
      () => {
        seen.push(written() - before);
        before = written();
      },
    );
    expect(Math.max(...seen)).toBeLessThanOrEqual(SHARE);
    expect(seen.filter((count) => count > 0)).toHaveLength(3);
    expect(readers.every(({ writes }) => writes.length === 1)).toBe(true);
  });

  it('gives whoever was not written to yet what came meanwhile in the same write', async () => {
    const { channel, readers, written } = await crowd();
    await channel.publish({ data: 1 });
    await turnsUntil(() => written() > 0, written);
    const early = readers.filter(({ writes }) => writes.length > 0);
    expect(early.length).toBeLessThanOrEqual(SHARE);
    await channel.publish({ data: 2 });
    await channel.publish({ data: 'passing', log: false });
    await channel.publish({ data: 3 });
    const isDone = () => readers.every(({ data }) => data.at(-1) === '3');
    await turnsUntil(isDone, written);
    const others = readers.filter((reader) => !early.includes(reader));
    const all = ['1', '2', 'passing', '3'];
    expect(new Set(early.map(({ writes }) => JSON.stringify(writes)))).toEqual(
      new Set([JSON.stringify([all.slice(0, 1), all.slice(1)])]),
    );
    expect(new Set(others.map(({ writes }) => JSON.stringify(writes)))).toEqual(
      new Set([JSON.stringify([all])]),
    );
  });

  it('brings each event once and in order, volatile or not, at whatever pace they come', async () => {
    const { channel, readers } = await crowd();
    const published: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      for (let burst = 0; burst <= n % 3; burst += 1) {
        published.push(`${n}.${burst}`);
        void channel.publish({ data: `${n}.${burst}`, log: (n + burst) % 2 === 0 });
      }
      if (n % 4 !== 3) await turn();
    }
    const isDone = () => readers.every(({ data }) => data.at(-1) === published.at(-1));
    await turnsUntil(isDone, () => {});
    const received = new Set(readers.map(({ data }) => data.join()));
    expect([...received]).toEqual([published.join()]);
  });

  it('lets readers come and go meanwhile', async () => {
    const { channel, readers, written } = await crowd();
    await channel.publish({ data: 1 });
    await turnsUntil(() => written() > 0, written);
    const left = readers.filter((_reader, index) => index % 2 === 0);
    const waiting = left.filter(({ writes }) => writes.length === 0);
    for (const { subscription } of left) subscription?.end();
    const late = Array.from({ length: 10 }, () => new Reader(channel));
    await channel.publish({ data: 2 });
    const stayed = readers.filter((reader) => !left.includes(reader));
    const isDone = () => [...stayed, ...late].every(({ data }) => data.at(-1) === '2');
    await turnsUntil(isDone, written);
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.every(({ writes }) => writes.length === 0)).toBe(true);
    expect(new Set(stayed.map(({ data }) => data.join()))).toEqual(new Set(['1,2']));
    expect(new Set(late.map(({ data }) => data.join()))).toEqual(new Set(['2']));
    expect(channel.size).toBe(stayed.length + late.length);
  });

  it('passes by a reader that throws, and one that it ends from within', async () => {
    const { channel, readers, at } = await crowd();
    at(5).onWrite = () => {
      throw new Error('a bug');
    };
    at(7).onWrite = () => at(8).subscription?.end();
    await channel.publish({ data: 1 });
    const others = readers.filter((_reader, index) => index !== 8);
    await turnsUntil(
      () => others.every(({ data }) => data.length === 1),
      () => {},
    );
    expect(at(8).writes).toEqual([]);
    expect(at(5).closed).toBe(true);
    expect(channel.size).toBe(READERS - 2);
  });

  it('writes what was published to a reader before what is sent to it alone', async () => {
    const { channel, written, at } = await crowd();
    await channel.publish({ data: 1 });
    await turnsUntil(() => written() > 0, written);
    const last = at(READERS - 1);
    expect(last.writes).toEqual([]);
    await channel.publish({ data: 2 });
    last.subscription?.send({ event: 'message', data: 'alone' });
    expect(last.data).toEqual(['1', '2', 'alone']);
    await turnsUntil(() => written() === READERS, written);
    await turn();
    expect(last.data).toEqual(['1', '2', 'alone']);
  });

  it('writes to all what was published before they are closed', async () => {
    const hub = newHub();
    const { channel, readers, written } = await crowd(READERS, hub.channel('news'));
    await channel.publish({ data: 1 });
    await turnsUntil(() => written() > 0, written);
    await channel.publish({ data: 2 });
    await hub.close();
    expect(new Set(readers.map(({ data }) => data.join()))).toEqual(new Set(['1,2']));
    expect(readers.every(({ closed }) => closed)).toBe(true);
  });
});

it.each([
  ['many', 600, 'x'.repeat(100)],
  ['large', 3, 'x'.repeat(64 * 1024)],
])('%s events go to fewer readers in a turn, and nobody misses one', async (_, count, text) => {
  const channel = newChannel();
  const received = new Array<number>(READERS).fill(0);
  const inTurn = new Set<number>();
  const wrong: string[] = [];
  received.forEach((_count, reader) => {
    channel.subscribe({
      write(slice) {
        for (const { event, data } of slice) {
          if (event.startsWith('dev-serve:')) continue;
          if (Number.parseInt(data, 10) !== received[reader]) wrong.push(`${reader}: ${data}`);
          received[reader] = (received[reader] ?? 0) + 1;
          inTurn.add(reader);
        }
        return true;
      },
      close: () => {},
    });
  });
  await turn();
  await turn();
  let published = 0;
  const flood = () => {
    for (let n = 0; n < count; n += 1) {
      void channel.publish({ data: `${published} ${text}`, log: n % 2 === 0 });
      published += 1;
    }
  };
  flood();
  const look = () => {
    const { size } = inTurn;
    inTurn.clear();
    return size;
  };
  const seen: number[] = [];
  for (let n = 0; n < 2; n += 1) {
    await turn();
    seen.push(look());
  }
  // Those who have not had their share of the first get all of it in one.
  flood();
  const isDone = () => received.every((one) => one === published);
  seen.push(...(await turnsUntil(isDone, look)));
  expect(Math.max(...seen)).toBeLessThan(SHARE / 4);
  expect(wrong).toEqual([]);
});

it('1,500 channels of one reader each get theirs, a thousand in a turn', async () => {
  const hub = newHub();
  const channels = Array.from({ length: 1500 }, (_, n) => hub.channel(`of ${n}`));
  const readers = channels.map((channel) => new Reader(channel));
  await turn();
  await turn();
  const written = () => readers.filter(({ writes }) => writes.length > 0).length;
  channels.forEach((channel, n) => void channel.publish({ data: n }));
  const seen = await turnsUntil(() => written() === 1500, written);
  expect(seen.filter((count) => count > 0)).toEqual([SHARE, 1500]);
  expect(readers.every(({ data }, n) => data.join() === String(n))).toBe(true);
});

it('1,500 readers of one channel, each beside another one, have their turns ended by the thousand', async () => {
  const hub = newHub();
  const news = hub.channel('news');
  const sinks = Array.from({ length: 1500 }, (_, n) => {
    const sink = recordingSink();
    Channel.subscribe([news, hub.channel(`of ${n}`)], sink);
    return sink;
  });
  await turn();
  await turn();
  const ended = vi.spyOn(Feed.prototype, 'endTurn');
  onTestFinished(() => ended.mockRestore());
  void news.publish({ data: 1 });
  const isDone = () => sinks.every(({ written }) => written.at(-1)?.data === '1');
  const seen = await turnsUntil(isDone, () => {
    const { length } = ended.mock.calls;
    ended.mockClear();
    return length;
  });
  expect(Math.max(...seen)).toBeLessThanOrEqual(SHARE);
});

it('a crowd does not hold up the reader of another channel', async () => {
  const hub = newHub();
  const { channel, written } = await crowd(READERS, hub.channel('crowd'));
  const quiet = hub.channel('quiet');
  const reader = new Reader(quiet);
  await turn();
  const seen = vi.fn();
  reader.onWrite = () => seen(written());
  void channel.publish({ data: 1 });
  void quiet.publish({ data: 1 });
  await turnsUntil(() => seen.mock.calls.length > 0, written);
  expect(seen.mock.calls[0]?.[0]).toBeLessThanOrEqual(SHARE);
});
