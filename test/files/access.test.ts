import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, watchFolder, watchNow } from './watch-folder.ts';

const FILES = {
  'a.txt': '1',
  '.hidden': '1',
  '.env': '1',
  'server.key': '1',
  '.git/HEAD': '1',
  'sub/.x/b.txt': '1',
  'sub/.git/HEAD': '1',
};

async function writtenTo(options: Parameters<typeof watchFolder>[1]): Promise<string[]> {
  const { path, seen } = await watchFolder(FILES, options);
  for (const name of Object.keys(FILES)) await writeFile(path(name), '2');
  // What was written first would have come by the time that the last has.
  await writeFile(path('last.txt'), '');
  await expect.poll(() => seen, { timeout: 20_000 }).toContain('create /last.txt');
  await writeFile(path('later.txt'), '');
  await expect.poll(() => seen, { timeout: 20_000 }).toContain('create /later.txt');
  return seen.filter((change) => change.startsWith('write')).toSorted();
}

describe('D1, D2: the watcher announces', () => {
  it('nothing of what is hidden or sensitive', async () => {
    expect(await writtenTo({})).toEqual(['write /a.txt']);
  });

  it('dotfiles where they are served, and never what is sensitive', async () => {
    expect(await writtenTo({ dotfiles: true })).toEqual([
      'write /.hidden',
      'write /a.txt',
      'write /sub/.x/b.txt',
    ]);
  });

  it('what is sensitive where that is served', async () => {
    expect(await writtenTo({ sensitiveFiles: true })).toEqual([
      'write /a.txt',
      'write /server.key',
    ]);
  });

  it('says why it leaves a name out', async () => {
    const root = await folderWith(FILES);
    const told = new Map<string, string>();
    const { watcher } = watchNow(root, { onIgnored: (path, reason) => told.set(path, reason) });
    await watcher.ready;
    expect(told.get('server.key')).toBe('sensitive name');
    expect(told.get('.env')).toBe('dot name');
  });
});

describe('S1: with followSymlinks the watcher follows links out of the root', () => {
  it('to a folder and to a file, but for what is sensitive there', async () => {
    const root = await folderWith({
      'x.txt': '1',
      '../out/a.txt': '1',
      '../out/deep/b.txt': '1',
      '../out/.hidden': '1',
      '../out/server.key': '1',
      '../single.txt': '1',
      '../single.key': '1',
    });
    const outside = dirname(await realpath(root));
    await symlink('../out', `${root}/lib`);
    await symlink('../single.txt', `${root}/single.txt`);
    await symlink('../single.key', `${root}/key.txt`);
    const watched = watchNow(root, { followSymlinks: true });
    await watched.watcher.ready;
    for (const name of ['out/a.txt', 'out/deep/b.txt', 'out/.hidden', 'out/server.key']) {
      await writeFile(`${outside}/${name}`, '2');
    }
    await writeFile(`${outside}/single.txt`, '22');
    await writeFile(`${outside}/single.key`, '22');
    await watched.expectOnly('write /lib/a.txt', 'write /lib/deep/b.txt', 'write /single.txt');
    await mkdir(`${outside}/out/new`);
    await writeFile(`${outside}/out/new/c.txt`, '');
    await watched.expectOnly('create /lib/new/c.txt');
    await rm(`${root}/lib`);
    await watched.expectOnly(
      'remove /lib/a.txt',
      'remove /lib/deep/b.txt',
      'remove /lib/new/c.txt',
    );
  });

  it('and is not led in circles by one to a folder above', async () => {
    const root = await folderWith({ 'a.txt': '1', '../beside/b.txt': '1' });
    await symlink('..', `${root}/up`);
    const watched = watchNow(root, { followSymlinks: true });
    await watched.watcher.ready;
    await writeFile(`${dirname(root)}/beside/b.txt`, '2');
    await watched.expectOnly('write /up/beside/b.txt');
  });
});
