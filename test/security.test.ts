import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numberedTests, promisesOf } from './support/promises.ts';

const promises = promisesOf(readFileSync('SECURITY.md', 'utf8'));
const tests = numberedTests();

describe('SECURITY.md', () => {
  it('gives each promise a number of its own', () => {
    const numbers = promises.map(({ number }) => number);
    expect(numbers.length).toBeGreaterThan(60);
    expect(new Set(numbers).size).toBe(numbers.length);
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
