import { describe, expect, it } from 'vitest';
import { watchedDirectories, watchedPaths } from '../../plugins/files/watched-directories.ts';

const bases = (...args: Parameters<typeof watchedDirectories>) =>
  watchedDirectories(...args).map(({ root: directory, base }) => [directory, base]);

describe('the watched directories', () => {
  it('are the root and what lies beside it', () => {
    expect(bases('/p/public', ['/p/views', '/q/my views'])).toEqual([
      ['/p/public', ''],
      ['/p/views', '/views'],
      ['/q/my views', '/my%20views'],
    ]);
  });

  it('are not watched twice', () => {
    const others = ['/p/public', '/p/public/css', '/p/views', '/p/views', '/p/views/a'];
    expect(bases('/p/public', others)).toEqual([
      ['/p/public', ''],
      ['/p/views', '/views'],
    ]);
  });

  it('leave the root to itself when a folder around it is watched too', () => {
    const [, around] = watchedDirectories('/p/public', ['/p', '/p/views']);
    expect(around?.root).toBe('/p');
    expect(around?.kept).toEqual(['views']);
    expect(around?.ignored('public')).toBe(true);
    expect(around?.ignored('public/a.css')).toBe(true);
    expect(around?.ignored('public-notes.txt')).toBe(false);
    expect(around?.ignored('views/a.html')).toBe(false);
  });

  it('are kept where they lie in what is served, whatever ignores them', () => {
    const mounts = [{ path: '/lib', root: '/q/lib' }];
    const all = watchedDirectories('/p', ['/p/dist', '/p/node_modules/x', '/q/lib/out'], mounts);
    expect(all.map(({ base, kept }) => [base, kept])).toEqual([
      ['', ['dist', 'node_modules/x']],
      ['/lib', ['out']],
    ]);
  });

  it('are those of mounts too, each for its own URL path, however they lie', () => {
    const mounts = [
      { path: '/lib', root: '/p/site/node_modules/lit' },
      { path: '/all', root: '/p' },
      { path: '/again', root: '/p/site' },
    ];
    expect(bases('/p/site', ['/p', '/p/views', '/q'], mounts)).toEqual([
      ['/p/site', ''],
      ['/p/site/node_modules/lit', '/lib'],
      ['/p', '/all'],
      ['/p/site', '/again'],
      ['/q', '/q'],
    ]);
  });
});

describe('the paths whose changes concern every page', () => {
  it('are those of the watched directories, also below the root and in mounts', () => {
    const mounts = [{ path: '/lib', root: '/q/lib' }];
    const others = ['/p/site', '/p/site/my templates', '/p/views', '/q/lib/src', '/q/lib'];
    expect(watchedPaths('/p/site', others, mounts)).toEqual([
      '/my%20templates/',
      '/lib/src/',
      '/views/',
    ]);
  });
});
