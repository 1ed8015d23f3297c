import { expect, it } from 'vitest';
import { qrLines } from '../../server/cli/qr.ts';

const modules = [
  [true, false, true, false],
  [true, true, false, false],
  [true, false, true, false],
];

it('two rows of modules are one line, dark on paper whatever the theme is', () => {
  expect(qrLines(modules, true)).toEqual([
    '\u001b[38;5;16;48;5;231m█▄▀ \u001b[0m',
    '\u001b[38;5;16;48;5;231m▀ ▀ \u001b[0m',
  ]);
});

it('without colours the light modules are drawn', () => {
  expect(qrLines(modules, false)).toEqual([' ▀▄█', '▄█▄█']);
});
