import { describe, expect, it } from 'vitest';
import { slopeOf } from '../soak/slope.ts';
import { randomFrom } from '../support/random.ts';

const hour = Array.from({ length: 61 }, (_, minute) => minute / 60);

describe('the slope of a heap', () => {
  it('is that of a heap that grows evenly, to the last digit', () => {
    const { perHour, error } = slopeOf(hour.map((hours) => ({ hours, mebibytes: 20 + 3 * hours })));
    expect(perHour).toBeCloseTo(3, 9);
    expect(error).toBeLessThan(1e-6);
  });

  it('is within two errors of the truth under noise', () => {
    const random = randomFrom(1);
    const noisy = hour.map((hours) => ({ hours, mebibytes: 20 + 3 * hours + random() }));
    const { perHour, error } = slopeOf(noisy);
    expect(Math.abs(perHour - 3)).toBeLessThan(2 * error);
    expect(error).toBeLessThan(0.2);
  });

  it('is nothing to go by with two points', () => {
    const points = [
      { hours: 0, mebibytes: 1 },
      { hours: 1, mebibytes: 9 },
    ];
    expect(slopeOf(points).error).toBe(Number.POSITIVE_INFINITY);
  });
});
