import { describe, expect, it } from 'vitest';
import { compare } from '../../bench/core/comparison.js';
import { TARGETS } from '../../bench/core/targets.js';
import { judge, unmeasured } from '../../bench/core/verdicts.js';

const about = { id: 'fan-out-100-1024B-8', title: '', unit: 'µs', better: 'less' } as const;
const measured = [
  { name: 'dev-serve', values: [2] },
  { name: 'raw net', values: [1] },
  { name: 'node:http', values: [3] },
  { name: 'ws', values: [8] },
  { name: 'better-sse', values: [10] },
];
const comparison = compare({ ...about, baseline: 'raw net' }, measured, (value) => value);
const target = { what: 'w', figures: 'fan-out-*-*-8', contender: 'dev-serve' };
const judged = (more: object) => judge([{ ...target, ...more }], [comparison])[0];

describe('a target', () => {
  it('is held against another contender', () => {
    const verdict = { figure: about.id, reached: 0.25, wanted: '<= 0.26 x ws', isReached: true };
    expect(judged({ against: 'ws', atMost: 0.26 })).toMatchObject(verdict);
    expect(judged({ against: 'ws', atMost: 0.2 })).toMatchObject({ isReached: false });
    expect(judged({ against: 'raw net', atLeast: 2 })).toMatchObject({ isReached: true });
  });

  it('is held against the same round of the other', () => {
    const rounds = [
      { name: 'dev-serve', values: [2, 8, 3] },
      { name: 'ws', values: [4, 8, 10] },
    ];
    const [verdict] = judge(
      [{ ...target, against: 'ws', atMost: 1 }],
      [compare(about, rounds, (value) => value)],
    );
    // Of their medians it would be 0.375.
    expect(verdict).toMatchObject({ reached: 0.5, spread: { min: 0.3, max: 1, n: 3 } });
  });

  it('is held against the medians of results that have no rounds', () => {
    const rows = comparison.rows.map(({ values, ...row }) => row);
    const targets = [{ ...target, against: 'ws', atMost: 0.26 }];
    const [verdict] = judge(targets, [{ ...comparison, rows }]);
    expect(verdict).toMatchObject({ reached: 0.25, isReached: true });
  });

  it('is far when it is missed by more than a tenth', () => {
    const isFar = (more: object) => judged({ against: 'ws', ...more })?.isFar;
    expect([0.2, 0.23, 0.26].map((atMost) => isFar({ atMost }))).toEqual([true, false, false]);
    expect([0.3, 0.27, 0.25].map((atLeast) => isFar({ atLeast }))).toEqual([true, false, false]);
  });

  it('is held against the best that is a library', () => {
    expect(judged({ against: 'peer', atMost: 1 })).toMatchObject({ wanted: '<= 1.00 x ws' });
  });

  it('is held against a limit in the unit of the figure', () => {
    expect(judged({ atMost: 2 })).toMatchObject({ reached: 2, wanted: '<= 2.00 µs' });
  });

  it('of another figure, or of what was not measured, says nothing', () => {
    expect(judged({ figures: 'fan-out-*-*-1', atMost: 1 })).toBeUndefined();
    expect(judged({ against: 'sse-channel', atMost: 1 })).toBeUndefined();
    expect(judged({ contender: 'nobody', atMost: 1 })).toBeUndefined();
  });

  it('that nothing was measured for is named', () => {
    const targets = [
      { ...target, against: 'ws', atMost: 1 },
      { ...target, against: 'sse-channel', atMost: 2 },
      { ...target, figures: 'fan-out-*-*-1', atLeast: 3 },
    ];
    const wanted = unmeasured(targets, [comparison]).map((verdict) => verdict.wanted);
    expect(wanted).toEqual(['<= 2.00 x sse-channel', '>= 3.00']);
  });

  it('of a contender that failed is not reached', () => {
    const failed = measured.map((one) => ({ ...one, values: one.name === 'dev-serve' ? [] : [1] }));
    const [verdict] = judge([{ ...target, atMost: 1 }], [compare(about, failed, (value) => value)]);
    expect(verdict).toMatchObject({ reached: undefined, isReached: false });
  });
});

it('every target has one limit', () => {
  const limits = TARGETS.map(({ atMost, atLeast }) => [atMost, atLeast].filter(Number.isFinite));
  expect(limits.filter(({ length }) => length !== 1)).toEqual([]);
});
