import { describe, expect, it } from 'vitest';
import { compare } from '../../bench/core/comparison.js';
import { toTable } from '../../bench/core/table.js';

const about = { id: 'x', title: 'X', unit: 'µs', better: 'less', baseline: 'raw' } as const;
const measured = [
  { name: 'slow', values: [20, 44] },
  { name: 'raw', values: [10, 20] },
  { name: 'broken', values: [undefined, undefined], error: 'of 3 events 1 is | missing' },
];
const one = (value: number) => value;

describe('a comparison', () => {
  it('has the ratios of each round, the best first and who failed last', () => {
    const { rows } = compare(about, measured, one);
    expect(rows.map(({ name }) => name)).toEqual(['raw', 'slow', 'broken']);
    expect(rows[1]).toMatchObject({ value: { median: 32 }, ratio: { median: 2.1, n: 2 } });
    expect(rows[2]).toEqual({ name: 'broken', error: 'of 3 events 1 is | missing' });
  });

  it('puts the most first where more is better', () => {
    const { rows } = compare({ ...about, better: 'more' }, measured, one);
    expect(rows.map(({ name }) => name)).toEqual(['slow', 'raw', 'broken']);
  });

  it('without a baseline has values alone', () => {
    const { id, title, unit, better } = about;
    const { rows } = compare({ id, title, unit, better }, measured, one);
    expect(rows[0]).not.toHaveProperty('ratio');
  });
});

describe('a table', () => {
  it('has a row for each contender, its value by the ratio, and the reason of who failed', () => {
    expect(toTable(compare(about, measured, one)).split('\n')).toEqual([
      '| contender | x raw | quartiles of 2 | µs |',
      '| --- | --: | --: | --: |',
      '| raw | 1.00 | 1.00 to 1.00 | 15.0 |',
      '| slow | 2.10 | 2.05 to 2.15 | 31.5 |',
      '| broken | of 3 events 1 is \\| missing |  |  |',
    ]);
  });
});
