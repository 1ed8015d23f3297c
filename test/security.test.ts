import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numberedTests, promisesOf } from './support/promises.ts';

const promises = promisesOf(readFileSync('SECURITY.md', 'utf8'));
const tests = numberedTests();

/** How many promises there are of each letter: one that is taken away is to be taken away here too. */
const COUNTS = 'H5 O4 C3 P8 D2 S2 L4 R2 F3 N6 X6 J3 E9 T4 Q6'.split(' ');

describe('SECURITY.md', () => {
  it('makes 68 promises, each with a number of its own', () => {
    const numbered = COUNTS.flatMap(([letter = '', count]) =>
      Array.from({ length: Number(count) }, (_none, index) => `${letter}${index + 1}`),
    );
    const all = ['G', ...numbered].toSorted();
    expect(promises.map(({ number }) => number).toSorted()).toEqual(all);
    expect(all).toHaveLength(68);
  });

  it.each(promises)(
    'names tests of $number, whose titles begin with it',
    ({ number, tests: named }) => {
      expect(named).not.toEqual([]);
      for (const path of named) expect([...(tests.get(path) ?? [])], path).toContain(number);
    },
  );

  it('has a promise for each number of a test', () => {
    const promised = promises.map(({ number }) => number);
    const others = [...tests].flatMap(([path, numbers]) =>
      [...numbers].filter((number) => !promised.includes(number)).map((number) => [path, number]),
    );
    expect(others).toEqual([]);
  });
});
