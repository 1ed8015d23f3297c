import { expect, it } from 'vitest';
import { wantsColors } from '../../server/cli/colors.ts';

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
])('Q6: with %j and a terminal: %s, colours: %s', (environment, isTerminal, expected) => {
  expect(wantsColors(environment, isTerminal)).toBe(expected);
});
