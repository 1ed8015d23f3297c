import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CappedLog } from '../../../plugins/events/stores/capped-log.ts';

const step = fc.oneof(
  fc.record({ push: fc.nat(40), skip: fc.nat(3) }),
  fc.record({ wait: fc.nat(50) }),
  fc.record({ read: fc.nat(200), limit: fc.integer({ min: 1, max: 20 }) }),
);
const limits = fc.record({
  limit: fc.integer({ min: 1, max: 60 }),
  maxBytes: fc.integer({ min: 1, max: 1000 }),
  maxAge: fc.integer({ min: 1, max: 300 }),
});

describe('the log of a channel in memory', () => {
  it('keeps and forgets as a plain list would', () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 200 }), (bounds, steps) => {
        const log = new CappedLog(bounds, 0);
        let list: { seq: number; bytes: number; at: number }[] = [];
        let [seq, now, trimmed] = [0, 0, 0];
        for (const action of steps) {
          if ('wait' in action) {
            now += action.wait;
            log.age(now);
            const old = list.filter(({ at }) => at + bounds.maxAge <= now);
            trimmed = old.at(-1)?.seq ?? trimmed;
            list = list.slice(old.length);
          } else if ('push' in action) {
            seq += 1 + action.skip;
            const data = 'x'.repeat(action.push);
            log.push({ channel: 'a', seq, id: `e-${seq}`, event: 'e', data }, now);
            list.push({ seq, bytes: action.push + 1, at: now });
            const bytes = () => list.reduce((sum, one) => sum + one.bytes, 0);
            while (list.length > bounds.limit || (bytes() > bounds.maxBytes && list.length > 1)) {
              trimmed = list.shift()?.seq ?? trimmed;
            }
          } else {
            const page = log.read(action.read, action.limit);
            const expected = list.filter((one) => one.seq > action.read).slice(0, action.limit);
            expect(page.entries.map((entry) => entry.seq)).toEqual(expected.map((one) => one.seq));
            expect(page.gap).toBe(action.read < trimmed);
          }
          expect(log.size).toBe(list.length);
          expect(log.trimmed).toBe(trimmed);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('trims a large log in no time', () => {
    const log = new CappedLog({ limit: 200_000, maxBytes: 2 ** 40, maxAge: 1000 }, 0);
    const push = (seq: number) =>
      log.push({ channel: 'a', seq, id: `e-${seq}`, event: 'e', data: '' }, 0);
    for (let seq = 1; seq <= 200_000; seq += 1) push(seq);
    const start = performance.now();
    for (let seq = 200_001; seq <= 600_000; seq += 1) push(seq);
    // Moving 200,000 places for each of 400,000 entries would take minutes.
    expect(performance.now() - start).toBeLessThan(5000);
    expect(log.size).toBe(200_000);
  });
});
