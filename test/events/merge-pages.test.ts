import { describe, expect, it } from 'vitest';
import { mergePages, restAfter } from '../../plugins/events/merge-pages.ts';
import type { Entry } from '../../plugins/events/message.ts';

const LARGE = 'x'.repeat(40 * 1024);
const entry = (seq: number): Entry => ({
  channel: 'c',
  seq,
  id: `e-${seq}`,
  event: 'message',
  data: LARGE,
});
const page = (...numbers: number[]) => ({ entries: numbers.map(entry), gap: false });
const query = { after: { epoch: 'e', seq: 2 }, limit: 3, head: 20 };
const numbersOf = (slices: readonly (readonly Entry[])[]) => slices.flat().map(({ seq }) => seq);

describe('merged pages', () => {
  it.each([
    ['to the head, where nothing follows', [page(3, 7)], 20, [3, 7]],
    ['to the last entry, where there may be more', [{ ...page(3, 7), more: true }], 7, [3, 7]],
    ['to the last entry of a full one', [page(3, 7, 8)], 8, [3, 7, 8]],
    ['as far as all of them go', [page(3, 7, 8), page(4, 5, 9)], 8, [3, 4, 5, 7, 8]],
    ['as far as one that breaks off', [page(5, 7), { ...page(4), more: true }], 4, [4]],
  ])('go %s', (_how, pages, through, numbers) => {
    const merged = mergePages(pages, query);
    expect(merged.through).toBe(through);
    expect(numbersOf(merged.slices)).toEqual(numbers);
  });

  it('have for a place in their middle what follows it, all writes but the first their own', () => {
    const whole = mergePages([page(3, 4, 5, 6, 7)], { ...query, limit: 5 });
    expect(whole.slices.map((slice) => slice.length)).toEqual([1, 1, 1, 1, 1]);
    for (const place of [3, 4, 5]) {
      const { slices, through } = restAfter(whole, place);
      expect(slices).toEqual(whole.slices.slice(place - 2));
      for (const slice of slices) expect(whole.slices).toContain(slice);
      expect(through).toBe(whole.through);
    }
  });

  it('cut the write that a place is in the middle of', () => {
    const small = (seq: number) => ({ ...entry(seq), data: 'x' });
    const entries = [small(3), small(4), entry(5), entry(6), entry(7)];
    const whole = mergePages([{ entries, gap: false }], { ...query, limit: 5 });
    expect(whole.slices.map((slice) => slice.length)).toEqual([3, 1, 1]);
    const { slices } = restAfter(whole, 4);
    expect(numbersOf(slices)).toEqual([5, 6, 7]);
    expect(slices[1]).toBe(whole.slices[1]);
    expect(slices[2]).toBe(whole.slices[2]);
  });
});
