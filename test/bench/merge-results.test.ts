import { expect, it } from 'vitest';
import { mergeResults } from '../../bench/core/merge-results.js';

const result = (date: string, commit: string, suites: readonly string[], only?: string[]) => ({
  date,
  command: '',
  seed: 1,
  machine: { commit, load: '0.1' },
  versions: {},
  suites: suites.map((name) => {
    return { name, title: `${name} of ${commit}`, comparisons: [], ...(only && { only }) };
  }),
  verdicts: [],
});

it('of a suite that was measured more than once the last counts, and each run is named', () => {
  const { suites, runs } = mergeResults([
    result('1', 'a', ['fan-out', 'herd']),
    result('2', 'b', ['latency']),
    result('3', 'c', ['herd', 'latency']),
  ]);
  expect(suites.map(({ title }) => title)).toEqual(['fan-out of a', 'herd of c', 'latency of c']);
  expect(runs).toEqual([
    { date: '1', commit: 'a', load: '0.1', suites: ['fan-out'] },
    { date: '3', commit: 'c', load: '0.1', suites: ['herd', 'latency'] },
  ]);
});

it('some of the contenders never stand for all of them', () => {
  const { suites } = mergeResults([
    result('1', 'a', ['requests']),
    result('2', 'b', ['requests', 'herd'], ['dev-serve']),
    result('3', 'c', ['herd'], ['better-sse']),
  ]);
  const titles = suites.map(({ title }) => title).sort();
  expect(titles).toEqual(['herd of c', 'requests of a']);
});
