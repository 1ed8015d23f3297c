import { describe, expect, it } from 'vitest';
import type { MergedPage } from '../../plugins/events/merge-pages.ts';
import { PageCache } from '../../plugins/events/page-cache.ts';

const MEGABYTE = 'x'.repeat(1_000_000);

/** A page of so many megabytes, behind the number `seq`. */
function page(seq: number, megabytes: number): MergedPage {
  const entries = Array.from({ length: megabytes }, (_, n) => {
    const number = seq + n + 1;
    const id = `e-${number}`;
    return { channel: 'c', seq: number, id, event: 'message', data: MEGABYTE };
  });
  return { slices: [entries], through: seq + 1, gap: false, isKnown: true };
}

/** Asks for pages of so many megabytes, and tells which of them are read. */
function cacheOf(megabytes: number) {
  const cache = new PageCache();
  const read: number[] = [];
  const get = (seq: number) =>
    cache.get('c', seq, async () => {
      read.push(seq);
      return page(seq, megabytes);
    });
  return { get, read: () => read.splice(0) };
}

describe('pages that were read', () => {
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
