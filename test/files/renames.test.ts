import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { describe, it } from 'vitest';
import { watchFolder } from './watch-folder.ts';

describe('a rename', () => {
  it('is one change with both names', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one' });
    await rename(path('a.html'), path('b.html'));
    await expectOnly('rename /a.html /b.html');
  });

  it('is announced again on the way back, and the file is followed under its name', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one' });
    await rename(path('a.html'), path('b.html'));
    await expectOnly('rename /a.html /b.html');
    await writeFile(path('b.html'), 'two');
    await expectOnly('write /b.html');
    await rename(path('b.html'), path('a.html'));
    await expectOnly('rename /b.html /a.html');
  });

  it('across folders is one change', async () => {
    const { path, expectOnly } = await watchFolder({ 'a/x.html': 'one', 'b/y.html': 'two' });
    await rename(path('a/x.html'), path('b/x.html'));
    await expectOnly('rename /a/x.html /b/x.html');
  });

  it('of an empty file is one change', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': '' });
    await rename(path('a.html'), path('b.html'));
    await expectOnly('rename /a.html /b.html');
  });

  it('of a folder is a rename of each file in it, and the new folder is watched', async () => {
    const { path, expectOnly } = await watchFolder({ 'a/x.html': 'x', 'a/deep/y.html': 'y' });
    await rename(path('a'), path('b'));
    await expectOnly('rename /a/x.html /b/x.html', 'rename /a/deep/y.html /b/deep/y.html');
    await writeFile(path('b/deep/y.html'), 'z');
    await expectOnly('write /b/deep/y.html');
  });

  it('of a folder of 2000 files is 2000 renames', async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `${index % 5}/deep/${index}.html`);
    const files = Object.fromEntries(names.map((name) => [`a/${name}`, 'one']));
    const { path, expectOnly } = await watchFolder(files);
    await rename(path('a'), path('b'));
    await expectOnly(...names.map((name) => `rename /a/${name} /b/${name}`));
  });

  it('onto another file is a write of that file and a removal of the old name', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one', 'b.html': 'two' });
    await rename(path('a.html'), path('b.html'));
    await expectOnly('write /b.html', 'remove /a.html');
  });

  // In three steps, of which none may take as long as a file may be missing.
  it('of two files into each other is a write of both', { retry: 3 }, async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one', 'b.html': 'two' });
    await rename(path('a.html'), path('x.tmp'));
    await rename(path('b.html'), path('a.html'));
    await rename(path('x.tmp'), path('b.html'));
    await expectOnly('write /a.html', 'write /b.html');
  });

  it('out of the folder is a removal, and into it a creation', async () => {
    const { root, path, expectOnly } = await watchFolder({ 'a.html': 'one' });
    await rename(path('a.html'), `${root}-outside.html`);
    await expectOnly('remove /a.html');
    await rename(`${root}-outside.html`, path('b.html'));
    await expectOnly('create /b.html');
  });
});

describe('what only looks like a rename', () => {
  it('is told apart: a new file that got the inode of a removed one', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one' });
    await rm(path('a.html'));
    await writeFile(path('b.html'), 'one');
    await expectOnly('remove /a.html', 'create /b.html');
  });

  it('is told apart: a second name for a file that keeps its first', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one' });
    await link(path('a.html'), path('b.html'));
    await expectOnly('create /b.html');
  });

  it('is told apart: a copy', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one' });
    await mkdir(path('copy'));
    await writeFile(path('copy/a.html'), 'one');
    await expectOnly('create /copy/a.html');
  });
});
