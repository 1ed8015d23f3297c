import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { resolveFile } from '../../plugins/files/resolve.ts';
import { folderWith } from './watch-folder.ts';

let root: string;
beforeEach(async () => {
  root = await folderWith({
    'index.html': 'home',
    'page.html': 'page',
    'docs/index.html': 'docs',
    'empty/only.txt': 'x',
    'a b/100%/#?/index.html': 'odd',
    'x%20y.html': 'once',
    '日本/語.html': 'utf-8',
    '.env': 'KEY',
    '.git/config': 'x',
    'sub/.htaccess': 'x',
    'sub/.well-known/x': 'x',
    '.well-known/security.txt': 'x',
    '.well-known/.secret': 'x',
    '.well-known-not/x': 'x',
    '../site-secret/key.txt': 'CANARY',
    '../outside/index.html': 'CANARY',
  });
});

const relativeOf = async (target: string) => {
  const resolution = await resolveFile(root, target);
  if (resolution.kind !== 'file') return resolution;
  expect(resolution.path).toBe(`${root}/${resolution.relative}`);
  return resolution.relative;
};

describe('a target inside the root', () => {
  it.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/page.html?x=../../secret', 'page.html'],
    ['/docs/', 'docs/index.html'],
    ['/docs/?q', 'docs/index.html'],
    ['/empty/only.txt', 'empty/only.txt'],
    ['/a%20b/100%25/%23%3F/', 'a b/100%/#?/index.html'],
    ['/x%2520y.html', 'x%20y.html'],
    ['/%E6%97%A5%E6%9C%AC/%E8%AA%9E.html', '日本/語.html'],
    ['/.well-known/security.txt', '.well-known/security.txt'],
  ])('%s is the file %s', async (target, relative) => {
    expect(await relativeOf(target)).toBe(relative);
  });

  it.each([
    ['/docs', './docs/'],
    ['/docs?a=1&b=//x', './docs/?a=1&b=//x'],
    ['/a%20b/100%25/%23%3F', './%23%3F/'],
  ])('%s, a folder without its slash, redirects to %s', async (target, location) => {
    expect(await resolveFile(root, target)).toEqual({ kind: 'redirect', location });
    const absolute = new URL(location, `http://localhost${target}`);
    expect(absolute.pathname).toBe(`${new URL(target, 'http://localhost').pathname}/`);
  });
});

describe('D1, P6: missing is', () => {
  it.each([
    '/nothing.html',
    '/page.html/',
    '/page.html/x',
    '/empty',
    '/empty/',
    '/.env',
    '/.git/config',
    '/.git/',
    '/.git',
    '/sub/.htaccess',
    '/sub/.well-known/x',
    '/.well-known/.secret',
    '/.well-known-not/x',
    '/.WELL-KNOWN/security.txt',
    '/INDEX.HTML',
    '/Docs/',
    '/%2egit/config',
    '/index.html::$DATA',
    '/index.html.',
    '/index.html%20',
    '/INDEX~1.HTM',
    '/con',
    '/NUL.txt',
    '/COM%C2%B9.txt',
    '/lpt9',
    '/CONIN$',
    '/PROGRA~1/x',
    '/c:/windows/win.ini',
    `/${'a'.repeat(5000)}`,
    `/${'a/'.repeat(5000)}`,
    '/constructor',
  ])('%s', async (target) => {
    expect(await resolveFile(root, target)).toEqual({ kind: 'missing' });
  });

  it('everything below a root that is missing', async () => {
    expect(await resolveFile(`${root}-none`, '/')).toEqual({ kind: 'missing' });
  });
});

describe('P2: malformed is', () => {
  it.each([
    '/../site-secret/key.txt',
    '/%2e%2e/site-secret/key.txt',
    '/..%2fx',
    '//x',
    '',
    'x',
    '/%',
  ])('%j', async (target) =>
    expect(await resolveFile(root, target)).toEqual({ kind: 'malformed' }),
  );
});

describe('S1: a link', () => {
  it('to a file or a folder inside is followed, and its real path told', async () => {
    await symlink('page.html', `${root}/link.html`);
    await symlink('docs', `${root}/manual`);
    expect(await relativeOf('/link.html')).toBe('page.html');
    expect(await relativeOf('/manual/')).toBe('docs/index.html');
    expect(await resolveFile(root, '/manual')).toEqual({ kind: 'redirect', location: './manual/' });
  });

  it.each([
    '/file.txt',
    '/folder',
    '/folder/',
    '/folder/index.html',
    '/near/key.txt',
    '/own/',
    '/own',
  ])('out of the root is missing: %s', async (target) => {
    const outside = dirname(root);
    await symlink(`${outside}/site-secret/key.txt`, `${root}/file.txt`);
    await symlink(`${outside}/outside`, `${root}/folder`);
    await symlink('../site-secret', `${root}/near`);
    await mkdir(`${root}/own`);
    await symlink('../../outside/index.html', `${root}/own/index.html`);
    expect(await resolveFile(root, target)).toEqual({ kind: 'missing' });
  });

  it('to what is hidden, to nothing or to itself is missing', async () => {
    await symlink('.env', `${root}/env.txt`);
    await symlink('.git', `${root}/git`);
    await symlink('nowhere', `${root}/dangling`);
    await symlink('loop', `${root}/loop`);
    for (const target of ['/env.txt', '/git/config', '/dangling', '/loop', '/loop/x']) {
      expect(await resolveFile(root, target)).toEqual({ kind: 'missing' });
    }
  });
});

describe('F1: what is no regular file', () => {
  it('is missing at once, also as an index: FIFOs', async () => {
    execFileSync('mkfifo', [`${root}/fifo`, `${root}/empty/index.html`]);
    const targets = ['/fifo', '/empty/', '/empty'];
    const many = Array.from({ length: 64 }, (_, index) => targets[index % 3] ?? '/fifo');
    const all = await Promise.all(many.map((target) => resolveFile(root, target)));
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['missing']));
    expect(await relativeOf('/page.html')).toBe('page.html');
  });

  it('is missing: sockets, devices, folders called index.html', async () => {
    const server = createServer();
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    await new Promise<void>((resolve) => server.listen(`${root}/socket`, resolve));
    await mkdir(`${root}/folder/index.html`, { recursive: true });
    await writeFile(`${root}/folder/index.html/x`, 'x');
    expect(await resolveFile(root, '/socket')).toEqual({ kind: 'missing' });
    expect(await resolveFile('/dev', '/null')).toEqual({ kind: 'missing' });
    expect(await resolveFile(root, '/folder/')).toEqual({ kind: 'missing' });
    expect(await resolveFile(root, '/folder')).toEqual({ kind: 'missing' });
  });
});
