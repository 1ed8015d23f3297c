import { describe, expect, it } from 'vitest';
import { partsOf, readOptions } from '../../bench/core/options.js';

const known = ['fan-out', 'latency', 'redis'];
const quick = ['fan-out', 'latency'];
const read = (...args: string[]) => readOptions(args, { known, quick, seed: 42 });

describe('without arguments', () => {
  it('what takes a few minutes is measured, with a seed of its own', () => {
    expect(read()).toMatchObject({ suites: quick, seed: 42, full: false, docs: false, from: [] });
    expect(read().contenders).toBeUndefined();
  });
});

describe('arguments', () => {
  it('choose suites, contenders and cases', () => {
    const options = read('--suite', 'latency', '--contenders', 'ws, better-sse', '--burst', '1,8');
    expect(options).toMatchObject({ suites: ['latency'], bursts: [1, 8] });
    expect(options.contenders).toEqual(['ws', 'better-sse']);
  });

  it('make a part of a suite, or leave it whole', () => {
    expect(partsOf(read('--full', '--rounds', '3'))).toBeUndefined();
    expect(partsOf(read('--contenders', 'ws', '--readers', '10,20'))).toEqual([
      'ws',
      'readers: 10, 20',
    ]);
    expect(partsOf(read('--bytes', '1'))).toEqual(['bytes: 1']);
  });

  it('may ask for all of it', () => {
    expect(read('--full')).toMatchObject({ suites: known, full: true });
    expect(read('--suite', 'all')).toMatchObject({ suites: known, full: false });
  });

  it('set rounds and seed', () => {
    expect(read('--rounds', '9', '--seed', '7')).toMatchObject({ rounds: 9, seed: 7 });
  });
});

describe('what makes no sense is refused in one line that says what would', () => {
  it.each([
    [['--suite', 'speed'], 'There is no suite "speed": take one of fan-out, latency, redis.'],
    [['--rounds', 'many'], '--rounds takes whole numbers from 1 on, not "many".'],
    [['--burst', '1,0'], '--burst takes whole numbers from 1 on, not "1,0".'],
    [['--quick'], 'Unknown option \'--quick\'. "npm run bench -- --help" tells all.'],
  ])('%j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
    expect(message).not.toContain('\n');
  });
});
