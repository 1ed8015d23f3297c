import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ResolveOptions, resolveFile } from '../../plugins/files/resolve.ts';
import { folderWith } from './watch-folder.ts';

const CLEAN = { cleanUrls: true };

let root: string;
beforeEach(async () => {
  root = await folderWith({
    'index.html': 'home',
    'docs/guide.html': 'guide',
    'both.html': 'html',
    'both/index.html': 'folder',
    'page.html': 'page',
    'page/only.txt': 'folder without an index',
    plain: 'file without an extension',
    'plain.html': 'page',
    'a b%.html': 'odd',
    '.html': 'hidden',
    '.env.html': 'hidden',
    'con.html': 'a device on Windows',
    'x~1.html': 'a short name on Windows',
    'dot..html': 'x',
    'upper/Page.html': 'x',
    '../secret.html': 'CANARY',
  });
});

const resolved = async (target: string, options: ResolveOptions = CLEAN) => {
  const resolution = await resolveFile(root, target, options);
  if (resolution.kind === 'file') return resolution.relative;
  return resolution.kind === 'redirect' ? `-> ${resolution.location}` : resolution.kind;
};

describe('with clean URLs', () => {
  it.each([
    ['/docs/guide', 'docs/guide.html'],
    ['/docs/guide.html', 'docs/guide.html'],
    ['/docs/guide?q', 'docs/guide.html'],
    ['/docs/guide/', '-> ../guide'],
    ['/docs/guide/?q=//x', '-> ../guide?q=//x'],
    ['/both', 'both.html'],
    ['/both/', 'both/index.html'],
    ['/page', 'page.html'],
    ['/page/', '-> ../page'],
    ['/page/only.txt', 'page/only.txt'],
    ['/plain', 'plain'],
    ['/plain/', '-> ../plain'],
    ['/a%20b%25', 'a b%.html'],
    ['/a%20b%25/', '-> ../a%20b%25'],
    ['/', 'index.html'],
    ['/index', 'index.html'],
    ['/docs/guide.html/', 'missing'],
    ['/docs/guide/x', 'missing'],
    ['/page/only', 'missing'],
    ['/nothing', 'missing'],
    ['/nothing/', 'missing'],
    ['/.env', 'missing'],
    ['/con', 'missing'],
    ['/x~1', 'missing'],
    ['/dot.', 'missing'],
    ['/DOCS/guide', 'missing'],
    ['/upper/page', 'missing'],
    ['/upper/PAGE', 'missing'],
    ['/secret', 'missing'],
    ['/..%2fsecret', 'malformed'],
    ['//docs/guide', 'malformed'],
  ])('%s is %s', async (target, expected) => {
    expect(await resolved(target)).toBe(expected);
  });

  it('no link leads out of the root, and no FIFO is a page', async () => {
    await symlink(`${dirname(root)}/secret.html`, `${root}/out.html`);
    await symlink('.env.html', `${root}/env.html`);
    execFileSync('mkfifo', [`${root}/fifo.html`]);
    await mkdir(`${root}/folder.html`);
    await writeFile(`${root}/folder.html/x`, 'x');
    for (const target of ['/out', '/out/', '/env', '/fifo', '/fifo/', '/folder', '/folder/']) {
      expect(await resolved(target)).toBe('missing');
    }
  });
});

describe('without clean URLs', () => {
  it.each([
    ['/docs/guide', 'missing'],
    ['/docs/guide/', 'missing'],
    ['/both', '-> ./both/'],
    ['/plain', 'plain'],
    ['/plain/', 'missing'],
  ])('%s is %s', async (target, expected) => {
    expect(await resolved(target, {})).toBe(expected);
  });
});

describe('a folder without an index', () => {
  it.each([
    ['/docs', '-> ./docs/'],
    ['/docs?q', '-> ./docs/?q'],
    ['/docs/', 'directory'],
    ['/both/', 'both/index.html'],
    ['/page/', 'directory'],
    ['/nothing/', 'missing'],
  ])('is one to be listed: %s is %s', async (target, expected) => {
    expect(await resolved(target, { list: true })).toBe(expected);
  });

  it('gives way to the page of its name', async () => {
    expect(await resolved('/page/', { list: true, cleanUrls: true })).toBe('-> ../page');
  });

  it('is told by its real path and by the one that was asked for', async () => {
    await symlink('docs', `${root}/manual`);
    expect(await resolveFile(root, '/manual/', { list: true })).toEqual({
      kind: 'directory',
      relative: 'docs',
      segments: ['manual'],
    });
  });

  it('outside of the root, or hidden, is missing', async () => {
    await mkdir(`${root}/.git`);
    await symlink('..', `${root}/up`);
    for (const target of ['/up/', '/up', '/.git/', '/.git']) {
      expect(await resolved(target, { list: true })).toBe('missing');
    }
  });
});
