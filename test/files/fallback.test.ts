import { symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findFallback } from '../../plugins/files/fallback.ts';
import { folderWith } from './watch-folder.ts';

const found = async (root: string, target: string, spa = false) => {
  const fallback = await findFallback(root, target, spa);
  return fallback && `${fallback.status} ${fallback.file.relative}`;
};

describe('in place of a missing page comes', () => {
  it.each([
    ['/missing', '404 404.html'],
    ['/docs/missing', '404 docs/404.html'],
    ['/docs/missing/', '404 docs/404.html'],
    ['/docs/deep/', '404 docs/deep/404.html'],
    ['/docs/deep/no/such/folder', '404 docs/deep/404.html'],
    ['/docs/plain/missing', '404 docs/404.html'],
    ['/docs/guide.html/x', '404 docs/404.html'],
    ['/.hidden/missing', '404 404.html'],
    [`/docs/${'x/'.repeat(3000)}`, '404 docs/404.html'],
    ['/%2e%2e/x', undefined],
    ['/%', undefined],
  ])('the nearest 404.html: for %.40s', async (target, expected) => {
    const root = await folderWith({
      '404.html': '',
      'docs/404.html': '',
      'docs/guide.html': '',
      'docs/deep/404.html': '',
      'docs/plain/index.html': '',
      '.hidden/404.html': '',
    });
    expect(await found(root, target)).toBe(expected);
  });

  it('a page no more than 32 folders deep, however deep the path is', async () => {
    const folders = (count: number) => 'a/'.repeat(count);
    const root = await folderWith({
      '404.html': '',
      [`${folders(32)}404.html`]: '',
      [`${folders(33)}404.html`]: '',
      [`${folders(500)}index.html`]: '',
    });
    expect(await found(root, `/${folders(31)}missing`)).toBe('404 404.html');
    for (const depth of [32, 33, 500]) {
      expect(await found(root, `/${folders(depth)}missing`)).toBe(`404 ${folders(32)}404.html`);
    }
  });

  it('nothing for a client that has left meanwhile', async () => {
    const root = await folderWith({ '404.html': '', 'a/a/a/404.html': '' });
    const looks = { left: 2 };
    const hasLeft = () => {
      looks.left -= 1;
      return looks.left < 0;
    };
    expect(await findFallback(root, '/a/a/a/missing', false, {}, hasLeft)).toBeUndefined();
    expect(looks.left).toBe(-1);
  });

  it('nothing where there is none, or where it lies outside', async () => {
    const root = await folderWith({ 'a.txt': '', '../404.html': 'CANARY' });
    expect(await found(root, '/missing')).toBeUndefined();
    await symlink('../404.html', `${root}/404.html`);
    expect(await found(root, '/missing')).toBeUndefined();
    expect(await found(`${root}-none`, '/missing', true)).toBeUndefined();
  });
});

describe('an app that makes its views itself', () => {
  it.each([
    ['/users', '200 index.html'],
    ['/users/', '200 index.html'],
    ['/users/jane.doe', '200 index.html'],
    ['/releases/v1.2', '200 index.html'],
    ['/a/b/c?file=x.js', '200 index.html'],
    ['/app.js', '404 404.html'],
    ['/app.MJS?x', '404 404.html'],
    ['/img/a.avif', '404 404.html'],
    ['/page.html', '404 404.html'],
  ])('is what %s is answered with: %s', async (target, expected) => {
    const root = await folderWith({ 'index.html': '', '404.html': '' });
    expect(await found(root, target, true)).toBe(expected);
  });

  it('that has no page yet is missing itself', async () => {
    expect(await found(await folderWith({ '404.html': '' }), '/users', true)).toBe('404 404.html');
  });
});
