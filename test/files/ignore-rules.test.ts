import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, watchFolder, watchNow } from './watch-folder.ts';

const tree = { 'out/a.js': 'a', 'out/deep/b.js': 'b', 'a.log': 'a', 'index.html': 'a' };

describe('what .gitignore names', () => {
  it('is not announced, and its folders are not entered', async () => {
    const { path, expectOnly } = await watchFolder({ ...tree, '.gitignore': 'out/\n*.log\n' });
    await writeFile(path('out/a.js'), 'b');
    await writeFile(path('out/new.js'), 'b');
    await writeFile(path('a.log'), 'b');
    await writeFile(path('index.html'), 'b');
    await expectOnly('write /index.html');
  });

  it('is announced when it is moved to a name that is not ignored, and back', async () => {
    const { path, expectOnly } = await watchFolder({ ...tree, '.gitignore': '*.log\n' });
    await rename(path('a.log'), path('a.txt'));
    await expectOnly('create /a.txt');
    await rename(path('a.txt'), path('a.log'));
    await expectOnly('remove /a.txt');
  });

  it('is watched where the option is off', async () => {
    const files = { ...tree, '.gitignore': 'out/\n' };
    const { path, expectOnly } = await watchFolder(files, { gitignore: false });
    await writeFile(path('out/a.js'), 'b');
    await expectOnly('write /out/a.js');
  });
});

describe('a .gitignore that changes', () => {
  it('takes effect at once, in silence: files that come to light are no news', async () => {
    const { path, expectOnly } = await watchFolder(tree);
    await writeFile(path('.gitignore'), 'out/\n*.log\n');
    await expectOnly();
    await writeFile(path('out/deep/b.js'), 'changed unseen');
    await writeFile(path('a.log'), 'changed unseen');
    await expectOnly();
    await writeFile(path('.gitignore'), '*.log\n');
    await expectOnly();
    await writeFile(path('out/deep/b.js'), 'seen');
    await writeFile(path('a.log'), 'changed unseen again');
    await expectOnly('write /out/deep/b.js');
    await rm(path('.gitignore'));
    await expectOnly();
    await writeFile(path('a.log'), 'seen');
    await expectOnly('write /a.log');
  });

  it('may be in any folder, and may be moved there', async () => {
    const { path, expectOnly } = await watchFolder({ ...tree, 'rules.txt': 'b.js\n' });
    await rename(path('rules.txt'), path('out/.gitignore'));
    await expectOnly('remove /rules.txt');
    await writeFile(path('out/deep/b.js'), 'unseen');
    await writeFile(path('out/a.js'), 'seen');
    await expectOnly('write /out/a.js');
  });

  it('hides no removal that comes with it', async () => {
    const { path, expectOnly } = await watchFolder(tree);
    rmSync(path('out'), { recursive: true });
    writeFileSync(path('.gitignore'), 'out/\n');
    await expectOnly('remove /out/a.js', 'remove /out/deep/b.js');
  });

  it('hides no new file that comes after it', async () => {
    const { path, expectOnly } = await watchFolder({ '.gitignore': '*.html\n' });
    await writeFile(path('.gitignore'), '');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(path('new.html'), 'a');
    await expectOnly('create /new.html');
  });

  it('may lie above the root', async () => {
    const top = await folderWith({ '.git/HEAD': '', 'site/a.log': 'a', 'site/b.html': 'b' });
    const { watcher, path, expectOnly, ignored } = watchWithReasons(join(top, 'site'));
    await watcher.ready;
    await writeFile(join(top, '.gitignore'), '*.log\n');
    await expect.poll(() => ignored, { timeout: 20_000 }).toContain('a.log');
    await writeFile(path('a.log'), 'unseen');
    await writeFile(path('b.html'), 'seen');
    await expectOnly('write /b.html');
  });
});

describe('the globs of `ignore`', () => {
  it('cut folders and leave out files', async () => {
    const { path, expectOnly } = await watchFolder(tree, { ignore: ['out/', '*.log'] });
    await writeFile(path('out/deep/b.js'), 'b');
    await writeFile(path('a.log'), 'b');
    await mkdir(path('x/out'), { recursive: true });
    await writeFile(path('x/out/a.js'), 'b');
    await writeFile(path('x/out.js'), 'b');
    await expectOnly('create /x/out.js');
  });

  it('are refused when they are none', async () => {
    expect(() => watchNow('.', { ignore: ['a', ''] })).toThrow('Option "ignore" must hold globs');
  });
});

describe('include, exclude and events', () => {
  it('choose what is announced of what is watched', async () => {
    const { path, expectOnly } = await watchFolder(
      { ...tree, 'a/b.js': '' },
      { exclude: ['deep'], include: ['*.js', 'zz-*'], ignoreEvents: ['chmod'] },
    );
    await rm(path('a/b.js'));
    await rename(path('out/deep/b.js'), path('out/b.js'));
    await writeFile(path('index.html'), 'b');
    await expectOnly('create /out/b.js', 'remove /a/b.js');
  });
});

/** A watched folder that tells of what it leaves out. */
function watchWithReasons(root: string) {
  const ignored: string[] = [];
  const watched = watchNow(root, { onIgnored: (path) => ignored.push(path) });
  return { ...watched, ignored };
}
