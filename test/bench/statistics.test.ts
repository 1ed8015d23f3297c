import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom, shuffled } from '../../bench/core/random.js';
import { ratios, summarize } from '../../bench/core/statistics.js';

describe('a summary', () => {
  it('has the middle value, the quartiles between values, and the ends', () => {
    expect(summarize([4, 1, 3, 2])).toEqual({
      median: 2.5,
      q1: 1.75,
      q3: 3.25,
      min: 1,
      max: 4,
      n: 4,
    });
    expect(summarize([7])).toEqual({ median: 7, q1: 7, q3: 7, min: 7, max: 7, n: 1 });
  });

  it('of nothing is nothing', () => {
    expect(summarize([])).toBeUndefined();
  });

  it('is in order, whatever the values', () => {
    const values = fc.array(fc.integer(), { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const { min = 0, q1 = 0, median = 0, q3 = 0, max = 0 } = summarize(list) ?? {};
        expect([min, q1, median, q3, max]).toEqual(
          [min, q1, median, q3, max].sort((a, b) => a - b),
        );
        expect([min, max]).toEqual([Math.min(...list), Math.max(...list)]);
      }),
    );
  });
});

describe('ratios', () => {
  it('are of the same round, and of rounds that both have', () => {
    expect(ratios([2, 9, undefined, 6], [1, 3, 5])).toEqual([2, 3]);
  });

  it('leave out a round whose baseline is zero', () => {
    expect(ratios([2, 4], [0, 2])).toEqual([2]);
  });
});

describe('chance', () => {
  it('is the same for the same seed, and another for another', () => {
    const several = (seed: number) => Array.from({ length: 5 }, randomFrom(seed));
    expect(several(1)).toEqual(several(1));
    expect(several(1)).not.toEqual(several(2));
    expect(several(3).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('puts each value at each place', () => {
    const random = randomFrom(7);
    const first = new Set(Array.from({ length: 100 }, () => shuffled([1, 2, 3], random)[0]));
    expect([...first].sort()).toEqual([1, 2, 3]);
    expect(shuffled([1, 2, 3], random).sort()).toEqual([1, 2, 3]);
  });
});
