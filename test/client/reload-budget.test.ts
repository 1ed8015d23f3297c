import { describe, expect, it } from 'vitest';
import { isSpent, MAX_RELOADS, spend } from '../../client/reload-budget.ts';

/** Reloads that are so far apart, the last one at `end`. */
const times = (count: number, interval: number, end: number) =>
  Array.from({ length: count }, (_, index) => end - index * interval).reverse();

describe('the budget of reloads', () => {
  it('is spent by ten within ten seconds', () => {
    expect(isSpent([], 5000)).toBe(false);
    expect(isSpent(times(9, 100, 5000), 5000)).toBe(false);
    expect(isSpent(times(10, 100, 5000), 5000)).toBe(true);
    expect(isSpent(times(10, 1000, 9000), 9000)).toBe(true);
  });

  it('is not spent by ten that are further apart, or long ago', () => {
    expect(isSpent(times(10, 1200, 20_000), 20_000)).toBe(false);
    expect(isSpent(times(10, 100, 5000), 15_000)).toBe(false);
  });

  it('is not spent by reloads of the future, as after a clock was set back', () => {
    expect(isSpent(times(10, 100, 90_000), 5000)).toBe(false);
  });

  it('remembers no more reloads than count', () => {
    let reloads: readonly number[] = [];
    for (let now = 0; now < 60_000; now += 1500) reloads = spend(reloads, now, false);
    expect(reloads.length).toBeLessThan(MAX_RELOADS);
    expect(reloads.at(-1)).toBe(58_500);
  });

  it('is spent for another ten seconds by the one reload that comes after it was', () => {
    const reloads = spend(times(10, 100, 5000), 15_000, true);
    expect(isSpent(reloads, 15_000)).toBe(true);
    expect(isSpent(reloads, 24_999)).toBe(true);
    expect(isSpent(reloads, 25_000)).toBe(false);
  });
});
