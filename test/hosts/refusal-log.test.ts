import { describe, expect, it } from 'vitest';
import { RefusalLog } from '../../plugins/hosts/refusal-log.ts';

describe('Q5: the log of refusals', () => {
  it('reports a name once', () => {
    const log = new RefusalLog();
    expect(log.isNews('evil.example', 0)).toBe(true);
    expect(log.isNews('evil.example', 5000)).toBe(false);
  });

  it('reports at most one name a second, and the others when they come again', () => {
    const log = new RefusalLog();
    expect(log.isNews('a', 0)).toBe(true);
    expect(log.isNews('b', 999)).toBe(false);
    expect(log.isNews('b', 1000)).toBe(true);
  });

  it('stays quiet in a flood of a million names', () => {
    const log = new RefusalLog();
    let lines = 0;
    for (let index = 0; index < 1_000_000; index += 1) {
      if (log.isNews(`name-${index}`, index / 100)) lines += 1;
    }
    expect(lines).toBe(10);
  });

  it('forgets names in the end, so that it cannot grow', () => {
    const log = new RefusalLog();
    for (let index = 0; index <= 100; index += 1) log.isNews(`name-${index}`, index * 1000);
    expect(log.isNews('name-0', 200_000)).toBe(true);
  });
});
