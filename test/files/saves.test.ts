import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { watchFolder } from './watch-folder.ts';

/** What a file may be missing for before that is announced, a busy machine may take by itself. */
const brief = { retry: 3 };

describe('a save', () => {
  it('in place is one write', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await writeFile(path('index.html'), 'two');
    await expectOnly('write /index.html');
  });

  it('through a temporary file and a rename is one write', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await writeFile(path('index.html.tmp'), 'two');
    await rename(path('index.html.tmp'), path('index.html'));
    await expectOnly('write /index.html');
  });

  it('that moves the old file to a backup first is one write', brief, async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await rename(path('index.html'), path('index.html~'));
    await writeFile(path('index.html'), 'two');
    await rm(path('index.html~'));
    await expectOnly('write /index.html');
  });

  it('by vim is one write', brief, async () => {
    const { root, path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    const keys = ['-c', 'set backup writebackup', '-c', 'normal otwo', '-c', 'wq'];
    execFileSync('vim', ['-N', '-u', 'NONE', '-es', ...keys, path('index.html')], { cwd: root });
    await expectOnly('write /index.html');
  });

  it('that removes the file and makes it anew is one write', brief, async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await rm(path('index.html'));
    await writeFile(path('index.html'), 'two');
    await expectOnly('write /index.html');
  });

  it('of the same bytes is nothing', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one', 'a.css': 'a' });
    await writeFile(path('index.html'), 'one');
    await writeFile(path('x.tmp'), 'a');
    await rename(path('x.tmp'), path('a.css'));
    await expectOnly();
  });

  it('of other bytes of the same length and time is one write', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    const time = new Date(2020, 1, 1);
    await utimes(path('index.html'), time, time);
    await writeFile(path('index.html'), 'two');
    await utimes(path('index.html'), time, time);
    await expectOnly('write /index.html');
  });

  it('that empties the file and fills it later is one write', brief, async () => {
    const { path, seen, expectOnly } = await watchFolder({ 'index.html': 'one', 'later.js': 'l' });
    await truncate(path('index.html'));
    await writeFile(path('later.js'), 'after the truncation');
    await expect.poll(() => seen, { interval: 1 }).toEqual(['write /later.js']);
    await writeFile(path('index.html'), 'two');
    await expectOnly('write /later.js', 'write /index.html');
  });
});

describe('a build', () => {
  it('that leaves a file empty for a while is one write', brief, async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await truncate(path('index.html'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await writeFile(path('index.html'), 'two');
    await expectOnly('write /index.html');
  });

  it(
    'that removes a file, leaves it empty for a while and fills it is one write',
    brief,
    async () => {
      const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
      await rm(path('index.html'));
      // The watcher sees that it is gone.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await writeFile(path('index.html'), '');
      await new Promise((resolve) => setTimeout(resolve, 150));
      await writeFile(path('index.html'), 'two');
      await expectOnly('write /index.html');
    },
  );

  it('of the same bytes into a new folder is nothing, once the old one is replaced', async () => {
    const files = { 'out/index.html': 'one', 'out/css/a.css': 'a', 'out/old.js': 'o' };
    const { path, expectOnly } = await watchFolder(files);
    mkdirSync(path('.out/css'), { recursive: true });
    writeFileSync(path('.out/index.html'), 'one');
    writeFileSync(path('.out/css/a.css'), 'b');
    rmSync(path('out'), { recursive: true });
    renameSync(path('.out'), path('out'));
    await expectOnly('write /out/css/a.css', 'remove /out/old.js');
  });
});

describe('a change that is no save', () => {
  it('of the times is nothing', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await utimes(path('index.html'), new Date(), new Date());
    await expectOnly();
  });

  it('of the mode is one chmod and no write', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await chmod(path('index.html'), 0o600);
    await expectOnly('chmod /index.html');
    await chmod(path('index.html'), 0o644);
    await expectOnly('chmod /index.html');
  });

  it('to an empty file is one write', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await truncate(path('index.html'));
    await expectOnly('write /index.html');
  });

  it('by removal is one remove', async () => {
    const { path, expectOnly } = await watchFolder({ 'index.html': 'one' });
    await rm(path('index.html'));
    await expectOnly('remove /index.html');
  });

  it('by making a file is one create, also of an empty one', async () => {
    const { path, expectOnly } = await watchFolder({});
    await writeFile(path('a.html'), 'a');
    await writeFile(path('empty.html'), '');
    await expectOnly('create /a.html', 'create /empty.html');
  });
});
