import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type MergedPage, mergePages } from '../../plugins/events/merge-pages.ts';
import type { Entry } from '../../plugins/events/message.ts';
import { PageCache } from '../../plugins/events/page-cache.ts';

const MEGABYTE = 'x'.repeat(1_000_000);

const entry = (seq: number): Entry => ({
  channel: 'c',
  seq,
  id: `e-${seq}`,
  event: 'message',
  data: 'x',
});

/** A page of so many megabytes, behind the number `seq`. */
function page(seq: number, megabytes: number): MergedPage {
  const entries = Array.from({ length: megabytes }, (_, n) => {
    const number = seq + n + 1;
    return { ...entry(number), data: MEGABYTE };
  });
  return { slices: [entries], through: seq + 1, gap: false, isKnown: true };
}

/** Asks for pages of so many megabytes, and tells which of them are read. */
function cacheOf(megabytes: number) {
  const cache = new PageCache();
  const read: number[] = [];
  const get = (seq: number) =>
    cache.get({ name: 'c', seq, limit: 1 }, async () => {
      read.push(seq);
      return page(seq, megabytes);
    });
  return { get, read: () => read.splice(0) };
}

/** A log of one channel with so many entries, on numbers of which others have some. */
function logOf(numbers: readonly number[], gapBefore = 0) {
  const cache = new PageCache();
  const read: number[] = [];
  const ask = async (seq: number, limit: number): Promise<MergedPage> => {
    read.push(seq);
    // Like a store that is asked over a network, some sooner than others.
    for (let turns = seq % 3; turns > 0; turns -= 1) await nextTurn();
    const gap = seq < gapBefore;
    const entries = numbers
      .filter((number) => number > Math.max(seq, gapBefore))
      .slice(0, limit)
      .map((number) => entry(number));
    return mergePages([{ entries, gap }], { after: { epoch: 'e', seq }, limit, head: HEAD });
  };
  return {
    read,
    get: (seq: number, limit: number, name = 'c') =>
      cache.get({ name, seq, limit }, () => ask(seq, limit)),
  };
}

/** All numbers that a reader gets who goes on from page to page, if it finds its way to the end. */
async function readAll(log: ReturnType<typeof logOf>, from: number, limit: number) {
  const got: number[] = [];
  const gaps: number[] = [];
  let seq = from;
  while (seq < HEAD) {
    const { slices, through, gap } = await log.get(seq, limit);
    if (gap) gaps.push(seq);
    got.push(...slices.flat().map((one) => one.seq));
    expect(through).toBeGreaterThan(seq);
    seq = through;
  }
  return { got, gaps };
}

const HEAD = 200;

describe('pages that were read', () => {
  it('bring readers at any places of a log everything behind these, once and in order', async () => {
    const places = fc.array(fc.nat(HEAD), { minLength: 1, maxLength: 30 });
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: HEAD }));
    const limits = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(places, numbers, limits, fc.nat(HEAD), async (from, some, limit, gap) => {
        const sorted = some.toSorted((a, b) => a - b);
        const log = logOf(sorted, gap);
        const after = (seq: number) => ({
          got: sorted.filter((number) => number > Math.max(seq, gap)),
          gaps: seq < gap ? [seq] : [],
        });
        // Then once more, when much of it is there.
        for (const places of [from, from.toReversed()]) {
          const read = await Promise.all(places.map((seq) => readAll(log, seq, limit)));
          expect(read).toEqual(places.map(after));
        }
      }),
    );
  });

  it('tell of a gap those who are in front of it, and nobody else', async () => {
    const { get } = logOf([60, 70, 80], 50);
    const [before, at, behind] = await Promise.all([get(10, 100), get(50, 100), get(60, 100)]);
    expect([before.gap, at.gap, behind.gap]).toEqual([true, false, false]);
    expect((await get(10, 100)).gap).toBe(true);
    expect((await get(55, 100)).slices.flat().map(({ seq }) => seq)).toEqual([60, 70, 80]);
  });

  it('are read at the same time by all who have lost something', async () => {
    const cache = new PageCache();
    const asked: { readonly seq: number; readonly answer: () => void }[] = [];
    const get = (seq: number) =>
      cache.get({ name: 'c', seq, limit: 100 }, async () => {
        await new Promise<void>((resolve) => asked.push({ seq, answer: resolve }));
        return { ...page(90, 1), gap: true };
      });
    const places = [40, 41, 42, 43, 44];
    const got = Promise.all([...places, ...places].map(get));
    expect(asked.splice(0).map(({ seq, answer }) => [seq, answer()])).toEqual([[40, undefined]]);
    await expect.poll(() => asked.map(({ seq }) => seq)).toEqual([41, 42, 43, 44]);
    for (const { answer } of asked) answer();
    expect(await got).toHaveLength(10);
  });

  it('are let go after ten seconds: the log may have forgotten them', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { get, read } = logOf([1, 2, 3]);
    await get(0, 5);
    vi.advanceTimersByTime(9000);
    await get(1, 5);
    expect(read).toEqual([0]);
    vi.advanceTimersByTime(2000);
    await get(0, 5);
    await get(1, 5);
    expect(read).toEqual([0, 0]);
  });

  it('are few for readers that are all over the log', async () => {
    const log = logOf(Array.from({ length: HEAD }, (_, n) => n + 1));
    const everywhere = Array.from({ length: HEAD }, (_, seq) => seq);
    await Promise.all(everywhere.map((seq) => readAll(log, seq, 20)));
    expect(log.read.length).toBeLessThanOrEqual(2 * (HEAD / 20));
  });

  it('share their writes with those who come from their middle', async () => {
    const { get } = logOf(Array.from({ length: 9 }, (_, n) => n + 1));
    const [whole, middle, same, other] = await Promise.all([
      get(0, 9),
      get(4, 9),
      get(4, 9),
      get(5, 9, 'd'),
    ]);
    expect(middle.slices.flat().map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9]);
    expect(same).toBe(middle);
    expect(whole.slices.flat()).toHaveLength(9);
    expect(other.slices.flat()).toHaveLength(4);
  });

  it('fail those who wait for them, and are read again', async () => {
    const cache = new PageCache();
    const fail = () => Promise.reject(new Error('no'));
    const failed = [0, 3].map((seq) => cache.get({ name: 'c', seq, limit: 5 }, fail));
    expect(await Promise.allSettled(failed)).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    const { slices } = await cache.get({ name: 'c', seq: 3, limit: 5 }, async () => page(3, 1));
    expect(slices.flat()).toHaveLength(1);
  });

  it.each([
    ['64', 1, 64],
    ['as many as make 64 MiB', 16, 4],
    ['none that is larger than all of them may be', 70, 0],
  ])('are kept: %s', async (_which, megabytes, kept) => {
    const { get, read } = cacheOf(megabytes);
    const asked = Array.from({ length: kept + 2 }, (_, n) => n);
    for (const seq of asked) await get(seq);
    expect(read()).toEqual(asked);
    for (const seq of asked.slice(2)) await get(seq);
    expect(read()).toEqual([]);
    await get(1);
    expect(read()).toEqual([1]);
  });

  it('are shared while they are read, whatever their size', async () => {
    const { get, read } = cacheOf(70);
    await Promise.all([get(0), get(0), get(0)]);
    expect(read()).toEqual([0]);
  });
});
