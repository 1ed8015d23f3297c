import { describe, expect, it } from 'vitest';
import { killRepeatedly, ROUNDS } from '../support/faults/kill-repeatedly.ts';
import { seed } from '../support/random.ts';

describe(`a server on a memory store that is killed under publish (seed ${seed})`, {
  timeout: 60_000,
}, () => {
  it('begins a new log each time, and every reader is told', async () => {
    const { load } = await killRepeatedly({ kind: 'memory', limit: 100_000 });
    for (const { check } of load.clients) {
      expect(new Set(check.epochs).size).toBe(ROUNDS + 1);
      expect(check.losses).toBe(ROUNDS);
    }
  });
});
