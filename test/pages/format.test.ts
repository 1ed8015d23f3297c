import { expect, it } from 'vitest';
import { formatSize, formatTime } from '../../plugins/pages/format.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1540, '1.5 kB'],
  [9960, '10 kB'],
  [999_499, '999 kB'],
  [999_600, '1.0 MB'],
  [20_000_000, '20 MB'],
  [3_200_000_000, '3.2 GB'],
  [5_000_000_000_000_000, '5000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

it('a time is that of the clock on the wall', () => {
  expect(formatTime(new Date(2026, 2, 5, 7, 9))).toBe('2026-03-05 07:09');
});
