import { mkdir, rename, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { toUrlPath } from '../../plugins/files/change.ts';
import { Ignores } from '../../plugins/files/ignores.ts';
import { watchFolder } from './watch-folder.ts';

const NAMES: readonly (readonly [name: string, url: string])[] = [
  ['two words.html', '/two%20words.html'],
  ['100%.html', '/100%25.html'],
  ['%20.html', '/%2520.html'],
  ['c#.html', '/c%23.html'],
  ['what?.html', '/what%3F.html'],
  ['[id].html', '/%5Bid%5D.html'],
  ['café.html', '/caf%C3%A9.html'],
  ['cafe\u0301.html', '/cafe%CC%81.html'],
  ['日本/語.html', '/%E6%97%A5%E6%9C%AC/%E8%AA%9E.html'],
  ['🦊.html', '/%F0%9F%A6%8A.html'],
  ["it's (1) & more+.html", "/it's%20(1)%20&%20more+.html"],
  ['*.html', '/*.html'],
  ['{a,b}.html', '/%7Ba,b%7D.html'],
  ['__proto__', '/__proto__'],
];

describe('the name of a file', () => {
  it.each(NAMES)('%j is announced as %s, and leads back to the file', async (name, url) => {
    expect(toUrlPath(name)).toBe(url);
    expect(decodeURIComponent(new URL(url, 'http://localhost').pathname)).toBe(`/${name}`);
    const { path, expectOnly } = await watchFolder({ 'sub/old': 'old' });
    if (name.includes('/')) await mkdir(path(name.split('/')[0] ?? ''));
    await writeFile(path(name), 'one');
    await expectOnly(`create ${url}`);
    await writeFile(path(name), 'two');
    await expectOnly(`write ${url}`);
    await rename(path('sub/old'), `${path(name)}2`);
    await expectOnly(`rename /sub/old ${url}2`);
  });

  it.each(['/docs', '/docs/'])('is put below the base %s', async (base) => {
    const { path, seen } = await watchFolder({ 'a.html': 'a' }, { base });
    await writeFile(path('a.html'), 'b');
    await expect.poll(() => seen).toEqual(['write /docs/a.html']);
  });
});

describe('what is left out', () => {
  const isIgnored = (path: string) => new Ignores('/no/such/folder').isIgnored(path, false);

  it.each([
    '.env',
    '.git/config',
    'a/.hidden/b.html',
    '.well-known/.secret',
    'a/.well-known/b',
    'node_modules',
    'a/node_modules/b/c.js',
    'bower_components/x.js',
    'app/__pycache__/views.pyc',
    'index.html.sb-0a1b2c3d-Ab12Cd',
    'backup~/index.html',
    'index.html~',
    '#index.html#',
    '.index.html.swp',
    '4913',
    'a/4913',
    'index.html.tmp',
    'index.html___jb_tmp___',
    'back\\slash',
    'new\nline',
  ])('by default holds %j', (path) => expect(isIgnored(path)).toBe(true));

  it.each([
    'index.html',
    '.well-known/security.txt',
    '.well-known',
    'node_modules.html',
    'a#b.html',
    '#top',
    'tmp',
    'a..b',
    '49130',
  ])('by default does not hold %j', (path) => expect(isIgnored(path)).toBe(false));

  it('is neither announced nor looked into', async () => {
    const { path, expectOnly } = await watchFolder({
      '.git/HEAD': 'a',
      'node_modules/x/x.js': 'a',
    });
    await writeFile(path('.git/HEAD'), 'b');
    await writeFile(path('.env'), 'b');
    await writeFile(path('node_modules/x/x.js'), 'b');
    await mkdir(path('.well-known'));
    await writeFile(path('.well-known/security.txt'), 'b');
    await expectOnly('create /.well-known/security.txt');
  });

  it('is what the caller adds, by the path below the root', async () => {
    const ignored = (path: string) => path === 'dist' || path.endsWith('.map');
    const { path, expectOnly } = await watchFolder(
      { 'dist/a.js': 'a', 'a/dist': 'a' },
      { ignored },
    );
    await writeFile(path('dist/a.js'), 'b');
    await writeFile(path('a/dist'), 'b');
    await writeFile(path('a/x.map'), 'b');
    await expectOnly('write /a/dist');
  });

  it('is announced when it gets a name that counts', async () => {
    const { path, expectOnly } = await watchFolder({ '.draft.html': 'a' });
    await rename(path('.draft.html'), path('draft.html'));
    await expectOnly('create /draft.html');
    await rename(path('draft.html'), path('.draft.html'));
    await expectOnly('remove /draft.html');
  });
});
