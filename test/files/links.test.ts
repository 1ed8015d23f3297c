import { execFileSync } from 'node:child_process';
import { unlinkSync } from 'node:fs';
import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { busyFactor } from '../support/busy.ts';
import { folderWith, watchFolder, watchNow } from './watch-folder.ts';

describe('links', () => {
  it('S1: that lead out of the root are neither announced nor followed', async () => {
    const outside = await folderWith({ 'secret.html': 'a', 'deep/b.html': 'b' });
    const { path, expectOnly } = await watchFolder({});
    await symlink(`${outside}/secret.html`, path('file.html'));
    await symlink(outside, path('folder'));
    await writeFile(`${outside}/secret.html`, 'changed');
    await writeFile(`${outside}/deep/b.html`, 'changed');
    await expectOnly();
  });

  it('that come to lead out take their files away', async () => {
    const outside = await folderWith({ 'x.html': 'out' });
    const root = await folderWith({ 'inside/x.html': 'in' });
    await symlink('inside', `${root}/way`);
    const { watcher, path, seen, expectOnly } = watchNow(root);
    await watcher.ready;
    await unlink(path('way'));
    await symlink(outside, path('way'));
    await expect.poll(() => seen).toEqual(['remove /way/x.html']);
    await writeFile(`${outside}/x.html`, 'changed');
    await expectOnly('remove /way/x.html');
  });

  it('to files are missed when they go at once, those that lead nowhere are not', async () => {
    const outside = await folderWith({ 'x.html': 'out' });
    const root = await folderWith({ 'a.html': 'one', '.git/x': 'one' });
    const links = { 'a.html': 'link.html', '.git/x': 'own', none: 'dangling' };
    for (const [target, link] of Object.entries(links)) await symlink(target, `${root}/${link}`);
    await symlink(`${outside}/x.html`, `${root}/out.html`);
    const { watcher, path, expectOnly } = watchNow(root);
    for (const link of [...Object.values(links), 'out.html']) unlinkSync(path(link));
    await watcher.ready;
    await expectOnly('remove /link.html');
  });

  it('to files inside change with their file', async () => {
    const root = await folderWith({ 'a.html': 'one' });
    await symlink('a.html', `${root}/b.html`);
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    await expectOnly();
    await writeFile(path('a.html'), 'two');
    await expectOnly('write /a.html', 'write /b.html');
    await rm(path('a.html'));
    await expectOnly('remove /a.html', 'remove /b.html');
    await writeFile(path('a.html'), 'three');
    await expectOnly('create /a.html', 'create /b.html');
  });

  it('to folders inside show the changes under both names', async () => {
    const root = await folderWith({ 'real/x.html': 'one' });
    await symlink('real', `${root}/alias`);
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    await expectOnly();
    await writeFile(path('real/x.html'), 'two');
    await expectOnly('write /real/x.html', 'write /alias/x.html');
  });

  it('to a folder that is built anew show the new one', async () => {
    const root = await folderWith({ 'real/x.html': 'one' });
    await symlink('real', `${root}/alias`);
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    for (const round of ['two', 'three']) {
      await rm(path('real'), { recursive: true });
      await expectOnly('remove /real/x.html', 'remove /alias/x.html');
      await mkdir(path('real'));
      await writeFile(path('real/x.html'), round);
      await expectOnly('create /real/x.html', 'create /alias/x.html');
      await writeFile(path('real/x.html'), `${round}, edited`);
      await expectOnly('write /real/x.html', 'write /alias/x.html');
    }
  });

  it('to what a folder holds that moves away lead nowhere, until there is one again', async () => {
    const root = await folderWith({ 'a/b/x.html': 'one' });
    await symlink('a/b', `${root}/alias`);
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    await rename(path('a'), path('c'));
    await expectOnly('rename /a/b/x.html /c/b/x.html', 'remove /alias/x.html');
    await mkdir(path('a/b'), { recursive: true });
    await writeFile(path('a/b/y.html'), 'two');
    await expectOnly('create /a/b/y.html', 'create /alias/y.html');
    await writeFile(path('c/b/x.html'), 'nobody but this one');
    await expectOnly('write /c/b/x.html');
  });

  it('through a link that is led elsewhere show what is there', async () => {
    const root = await folderWith({ 'v1/assets/x.css': 'one', 'v2/assets/y.css': 'two' });
    await symlink('v1', `${root}/current`);
    await symlink('current/assets', `${root}/assets`);
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    await symlink('v2', path('next'));
    await rename(path('next'), path('current'));
    await expectOnly(
      'remove /current/assets/x.css',
      'remove /assets/x.css',
      'create /current/assets/y.css',
      'create /assets/y.css',
    );
  });

  it('to a file that moves away are gone, and back with another', async () => {
    const root = await folderWith({ 'a.html': 'one' });
    await symlink('a.html', `${root}/b.html`);
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    await rename(path('a.html'), path('c.html'));
    await expectOnly('rename /a.html /c.html', 'remove /b.html');
    await writeFile(path('a.html'), 'two');
    await expectOnly('create /a.html', 'create /b.html');
  });

  it('to what is not there yet show it once it is', async () => {
    const root = await folderWith({});
    await symlink('dist/app.js', `${root}/app.js`);
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    await mkdir(path('dist'));
    await writeFile(path('dist/app.js'), 'one');
    await expectOnly('create /dist/app.js', 'create /app.js');
  });

  it('to what is hidden stay hidden', async () => {
    const { path, expectOnly } = await watchFolder({ '.env': 'KEY=1', '.git/HEAD': 'x' });
    await symlink('.env', path('env.txt'));
    await symlink('.git', path('git'));
    await expectOnly();
  });

  it('in circles do not hang the watcher', async () => {
    const root = await folderWith({ 'a/x.html': 'one' });
    await symlink('..', `${root}/a/up`);
    await symlink('self', `${root}/self`);
    for (const name of 'bcdefgh') {
      await mkdir(`${root}/${name}`);
      for (const other of 'abcdefgh') await symlink(`../${other}`, `${root}/${name}/${other}`);
    }
    const { watcher, seen, path } = watchNow(root);
    await watcher.ready;
    await writeFile(path('a/x.html'), 'two');
    await expect.poll(() => seen).toContain('write /a/x.html');
    await expect.poll(() => seen).toContain('write /b/a/x.html');
    expect(new Set(seen).size).toBe(seen.length);
  });
});

/** Milliseconds that what is no regular file may hold up the start of a watcher. */
const HELD_UP = 2000;

async function listenAt(path: string): Promise<void> {
  const server = createServer();
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

describe('F2: what is no regular file', () => {
  it('is never opened: neither FIFOs nor a socket hold up the start, or are announced', async () => {
    const root = await folderWith({ 'a.html': 'one', 'sub/b.html': 'one' });
    const fifos = [...'wxyz', '.gitignore', 'sub/fifo.html'];
    for (const name of fifos) execFileSync('mkfifo', [`${root}/${name}`]);
    await listenAt(`${root}/sub/socket.html`);
    const startedAt = performance.now();
    const { watcher, path, expectOnly } = watchNow(root);
    await watcher.ready;
    expect(performance.now() - startedAt).toBeLessThan(HELD_UP * busyFactor());
    execFileSync('mkfifo', [path('later')]);
    await writeFile(path('a.html'), 'two');
    await expectOnly('write /a.html');
  });

  it('takes a file away when it takes its place', async () => {
    const { path, expectOnly } = await watchFolder({ 'a.html': 'one' });
    await rm(path('a.html'));
    execFileSync('mkfifo', [path('a.html')]);
    await expectOnly('remove /a.html');
  });

  it('may be a socket', async () => {
    const { path, expectOnly } = await watchFolder({});
    await listenAt(path('socket'));
    await expectOnly();
  });
});
