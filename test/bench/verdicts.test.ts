import { describe, expect, it } from 'vitest';
import { compare } from '../../bench/core/comparison.js';
import { toVerdictTable } from '../../bench/core/report.js';
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
    const verdict = { figure: about.id, reached: 0.25, wanted: '<= 0.26 x ws', share: 0.25 / 0.26 };
    expect(judged({ against: 'ws', atMost: 0.26 })).toMatchObject(verdict);
    expect(judged({ against: 'ws', atMost: 0.2 })).toMatchObject({ share: 1.25 });
    expect(judged({ against: 'raw net', atLeast: 1 })).toMatchObject({ share: 0.5 });
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
    expect(verdict).toMatchObject({ reached: 0.25, share: 0.25 / 0.26 });
  });

  it('is held against what is shown', () => {
    const rounds = [
      { name: 'dev-serve', values: [0.2649] },
      { name: 'ws', values: [1] },
    ];
    const shownAs = (atMost: number) =>
      judge([{ ...target, against: 'ws', atMost }], [compare(about, rounds, (value) => value)])[0];
    expect(shownAs(0.26)).toMatchObject({ share: 1 });
    expect(shownAs(0.25)?.share).toBeGreaterThan(1);
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
    expect(verdict).toMatchObject({ reached: undefined, share: Number.POSITIVE_INFINITY });
  });
});

describe('the table of targets', () => {
  const verdict = (figure: string, reached: number) => {
    const wanted = '<= 1.00 x ws';
    return { what: 'w', figure, reached, wanted, share: reached, isMeasured: true };
  };
  const answers = (...verdicts: Parameters<typeof toVerdictTable>[0]) =>
    toVerdictTable(verdicts).split('\n').slice(2);

  it('calls what is missed by a tenth at most nearly reached', () => {
    const cells = [1, 1.1, 1.12].map((reached) => answers(verdict('a', reached))[0]?.split(' | '));
    expect(cells.map((row) => row?.at(-1))).toEqual(['yes |', 'nearly |', '**no** |']);
  });

  it('has one row for a target, with the worst of its figures', () => {
    expect(answers(verdict('a', 0.5), verdict('b', 1.2), verdict('c', 0.9))).toEqual([
      '| w | b, the worst of 3 (best 0.50) | 1.20 | - | <= 1.00 x ws | 2 of 3, **no** |',
    ]);
  });

  it('names what was not measured', () => {
    const missing = { ...verdict('a', 1), isMeasured: false, share: Number.POSITIVE_INFINITY };
    expect(answers(missing)[0]).toContain('**not measured**');
  });
});

it('every target has one limit', () => {
  const limits = TARGETS.map(({ atMost, atLeast }) => [atMost, atLeast].filter(Number.isFinite));
  expect(limits.filter(({ length }) => length !== 1)).toEqual([]);
});
