import { describe, expect, it } from 'vitest';
import { longName, negation } from '../../server/cli/flag.ts';
import { FLAGS } from '../../server/cli/flags.ts';
import { FLAG_NAMES } from '../../server/cli/names.ts';
import { readCommandLine } from '../../server/cli/program.ts';

const SWITCHES = FLAG_NAMES.filter((name) => negation(FLAGS[name]) !== undefined);

it('every flag that is on or off has one that takes it back', () => {
  expect(SWITCHES.map((name) => negation(FLAGS[name]))).toEqual([
    '--no-strict-port',
    '--clean-urls',
    '--no-spa',
    '--list',
    '--no-dotfiles',
    '--no-sensitive-files',
    '--no-follow-symlinks',
    '--no-coi',
    '--no-cors',
    '--gitignore',
    '--no-poll',
    '--no-https',
    '--no-open',
    '--no-quiet',
    '--no-json',
    '--no-verbose',
    '--no-browser-log',
  ]);
});

describe.each(SWITCHES)('%s', (name) => {
  const said = (...args: readonly string[]) => readCommandLine(args, '1.2.3').values[name];
  const [flag, taken] = [longName(FLAGS[name]), negation(FLAGS[name]) ?? ''];

  it('is taken back, and the last flag counts', () => {
    expect(said(taken)).toBe(FLAGS[name].initial);
    expect(said(flag, taken)).toBe(FLAGS[name].initial);
    expect(said(taken, flag)).toBe(FLAGS[name].bare);
  });
});

it('a value after a negation begins anew', () => {
  const args = ['--cors', 'http://a.test', '--no-cors', '--cors', 'http://b.test'];
  const { values } = readCommandLine([...args, '--no-poll', '--poll', '50'], '1.2.3');
  expect(values).toMatchObject({ cors: ['http://b.test'], poll: 50 });
});
