import { expect, it } from 'vitest';
import { watchedDirectories } from '../../plugins/files/watched-directories.ts';

const bases = (root: string, ...others: string[]) =>
  watchedDirectories(root, others).map(({ root: directory, base }) => [directory, base]);

it('watches the root and what lies beside it', () => {
  expect(bases('/p/public', '/p/views', '/q/my views')).toEqual([
    ['/p/public', ''],
    ['/p/views', '/views'],
    ['/q/my views', '/my%20views'],
  ]);
});

it('watches nothing twice', () => {
  expect(
    bases('/p/public', '/p/public', '/p/public/css', '/p/views', '/p/views', '/p/views/a'),
  ).toEqual([
    ['/p/public', ''],
    ['/p/views', '/views'],
  ]);
});

it('leaves the root to itself when a folder around it is watched too', () => {
  const [, around] = watchedDirectories('/p/public', ['/p', '/p/views']);
  expect(around?.root).toBe('/p');
  expect(around?.ignored('public')).toBe(true);
  expect(around?.ignored('public/a.css')).toBe(true);
  expect(around?.ignored('public-notes.txt')).toBe(false);
  expect(around?.ignored('views/a.html')).toBe(false);
});
