import { describe, expect, it } from 'vitest';
import { killRepeatedly, ROUNDS } from '../support/faults/kill-repeatedly.ts';
import { seed } from '../support/random.ts';
import { epochOf } from '../support/redis-store.ts';

describe(`a server on a memory store that is killed under publish (seed ${seed})`, {
  timeout: 60_000,
}, () => {
  it('begins a new log each time, and every reader is told', async () => {
    const { load, end } = await killRepeatedly({ kind: 'memory', limit: 100_000 });
    for (const { check } of load.clients) {
      expect(check.epochs.at(-1)).toBe(epochOf(end));
      expect(new Set(check.epochs).size).toBe(check.epochs.length);
      expect(check.losses).toBe(check.epochs.length - 1);
      // Who was away through all of the life of a server has not seen its log.
      expect(check.losses).toBeGreaterThan(0);
      expect(check.losses).toBeLessThanOrEqual(ROUNDS);
    }
  });
});
