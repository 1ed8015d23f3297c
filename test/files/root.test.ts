import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { standStill } from '../support/stand-still.ts';
import { folderWith, watchFolder, watchNow } from './watch-folder.ts';

const soon = { timeout: 20_000, interval: 5 };

describe('the watched root', () => {
  it('may be deleted and made again', async () => {
    const { root, path, seen, expectOnly } = await watchFolder({ 'a.html': 'a', 'b/c.css': 'c' });
    for (const round of ['1', '2']) {
      await rm(root, { recursive: true });
      await expect
        .poll(() => seen.toSorted(), soon)
        .toEqual(['remove /a.html', 'remove /b/c.css'].toSorted());
      seen.length = 0;
      await mkdir(join(root, 'b'), { recursive: true });
      await writeFile(path('a.html'), 'a');
      await writeFile(path('b/c.css'), 'c');
      await expectOnly('create /a.html', 'create /b/c.css');
      await writeFile(path('a.html'), `edit ${round}`);
      await writeFile(path('b/c.css'), `edit ${round}`);
      await expectOnly('write /a.html', 'write /b/c.css');
    }
  });

  it('may be renamed away and back', async () => {
    const { root, path, seen, expectOnly } = await watchFolder({ 'a.html': 'a' });
    await rename(root, `${root}-away`);
    await expect.poll(() => seen, soon).toEqual(['remove /a.html']);
    seen.length = 0;
    await writeFile(`${root}-away/a.html`, 'edited where nobody watches');
    await rename(`${root}-away`, root);
    await expectOnly('create /a.html');
    await writeFile(path('a.html'), 'b');
    await expectOnly('write /a.html');
  });

  it('may be away while the watch of a folder in it is set', async () => {
    const { root, path, expectOnly } = await watchFolder({});
    const folders = Array.from({ length: 20 }, (_, number) => `folder-${number}`);
    for (const folder of folders) {
      await mkdir(path(folder));
      for (let turn = 0; turn < 20; turn++) {
        renameSync(root, `${root}-away`);
        standStill(0.5);
        renameSync(`${root}-away`, root);
        await nextTurn();
      }
    }
    await expectOnly();
    for (const folder of folders) await writeFile(path(`${folder}/a.html`), 'a');
    await expectOnly(...folders.map((folder) => `create /${folder}/a.html`));
  });

  it('may be replaced by another folder', async () => {
    const { root, path, expectOnly } = await watchFolder({ 'a.html': 'a', 'same.js': 's', x: 'x' });
    await mkdir(`${root}-new`);
    await writeFile(`${root}-new/a.html`, 'b');
    await writeFile(`${root}-new/same.js`, 's');
    await writeFile(`${root}-new/n.html`, 'n');
    renameSync(root, `${root}-old`);
    renameSync(`${root}-new`, root);
    await expectOnly('write /a.html', 'remove /x', 'create /n.html');
    await writeFile(path('a.html'), 'c');
    await expectOnly('write /a.html');
  });

  it('may leave with the folder above it', async () => {
    const folder = await folderWith({ 'build/out/a.html': 'a' });
    const { seen, watcher, path, expectOnly } = watchNow(join(folder, 'build/out'));
    await watcher.ready;
    await rm(join(folder, 'build'), { recursive: true });
    await expect.poll(() => seen, soon).toEqual(['remove /a.html']);
    seen.length = 0;
    await mkdir(join(folder, 'build/out'), { recursive: true });
    await writeFile(path('a.html'), 'a');
    await expectOnly('create /a.html');
  });

  it('may be away with the folder above it while something new in it is looked at', async () => {
    const folder = await folderWith({ 'build/out/a.html': 'a' });
    const { watcher, path, expectOnly } = watchNow(join(folder, 'build/out'));
    await watcher.ready;
    mkdirSync(path('d'));
    writeFileSync(path('d/a.html'), 'a');
    renameSync(join(folder, 'build'), join(folder, 'away'));
    for (let turns = 0; turns < 20; turns += 1) await nextTurn();
    renameSync(join(folder, 'away'), join(folder, 'build'));
    await expectOnly('create /d/a.html');
  });

  it('may be missing at first', async () => {
    const folder = await folderWith({});
    const { watcher, path, expectOnly } = watchNow(join(folder, 'later'));
    await watcher.ready;
    await mkdir(join(folder, 'later'));
    await writeFile(path('a.html'), 'a');
    await expectOnly('create /a.html');
  });

  it('may be a link, and may be led elsewhere', async () => {
    const one = await folderWith({ 'a.html': 'one' });
    const two = await folderWith({ 'a.html': 'two', 'b.html': 'two' });
    const link = join(dirname(one), 'current');
    await symlink(one, link);
    const { seen, watcher, path, expectOnly } = watchNow(link);
    await watcher.ready;
    await expectOnly();
    await writeFile(path('a.html'), 'edited');
    await expectOnly('write /a.html');
    await unlink(link);
    await symlink(two, link);
    await expect.poll(() => seen.length, soon).toBe(2);
    await expectOnly('write /a.html', 'create /b.html');
    await writeFile(path('b.html'), 'edited');
    await expectOnly('write /b.html');
  });

  it('may lie below hidden and ignored folders', async () => {
    const folder = await folderWith({ '.cache/node_modules/x/site/a.html': 'a' });
    const watched = watchNow(join(folder, '.cache/node_modules/x/site'));
    await watched.watcher.ready;
    await writeFile(watched.path('a.html'), 'b');
    await watched.expectOnly('write /a.html');
  });

  it('may have two watchers, also when it is made again', async () => {
    const first = await watchFolder({ 'a/b.html': 'a' });
    const second = watchNow(first.root);
    await second.watcher.ready;
    await rm(first.path('a'), { recursive: true });
    for (const { seen } of [first, second]) {
      await expect.poll(() => seen, soon).toEqual(['remove /a/b.html']);
    }
    await mkdir(first.path('a'));
    await writeFile(first.path('a/b.html'), 'b');
    for (const { seen } of [first, second]) {
      await expect.poll(() => seen.at(-1), soon).toBe('create /a/b.html');
    }
    await first.watcher.close();
    await writeFile(first.path('a/b.html'), 'c');
    await expect.poll(() => second.seen.at(-1), soon).toBe('write /a/b.html');
    expect(first.seen).toHaveLength(2);
  });
});
