import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { describe, it } from 'vitest';
import { watchFolder } from './watch-folder.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('many files at once', () => {
  it('are 50 writes for 50 files', async () => {
    const names = numbers(50).map((number) => `p${number}.html`);
    const files = Object.fromEntries(names.map((name) => [name, 'one']));
    const { path, expectOnly } = await watchFolder(files);
    await Promise.all(names.map((name) => writeFile(path(name), 'two')));
    await expectOnly(...names.map((name) => `write /${name}`));
  });

  it('are 2000 creations for 2000 new files', async () => {
    const names = numbers(2000).map((number) => `p${number}.html`);
    const { path, expectOnly } = await watchFolder({});
    for (const name of names) writeFileSync(path(name), 'one');
    await expectOnly(...names.map((name) => `create /${name}`));
  });
});

describe('a new folder', () => {
  it('announces each file that came with it', async () => {
    const { path, expectOnly } = await watchFolder({});
    mkdirSync(path('new/deep/er'), { recursive: true });
    writeFileSync(path('new/a.html'), 'a');
    writeFileSync(path('new/deep/er/b.html'), 'b');
    await expectOnly('create /new/a.html', 'create /new/deep/er/b.html');
  });

  it('announces later changes in it', async () => {
    const { path, expectOnly } = await watchFolder({});
    await mkdir(path('new'));
    await writeFile(path('new/a.html'), 'a');
    await expectOnly('create /new/a.html');
    await writeFile(path('new/a.html'), 'b');
    await expectOnly('write /new/a.html');
  });

  it('announces each file of a copied tree', async () => {
    const names = numbers(60).map((number) => `${number % 7}/${number % 3}/${number}.html`);
    const files = Object.fromEntries(names.map((name) => [`from/${name}`, name]));
    const { path, expectOnly } = await watchFolder(files);
    execFileSync('cp', ['-r', path('from'), path('to')]);
    await expectOnly(...names.map((name) => `create /to/${name}`));
  });

  it('loses no file that arrives while the folder is taken in', async () => {
    const { path, expectOnly } = await watchFolder({});
    const names = numbers(200).map((number) => `f${number % 20}/x${number}.html`);
    for (const name of names) {
      await mkdir(path(name.split('/')[0] ?? ''), { recursive: true });
      await writeFile(path(name), 'x');
    }
    await expectOnly(...names.map((name) => `create /${name}`));
  });
});

describe('a removed folder', () => {
  it('removes each file in it', async () => {
    const { path, expectOnly } = await watchFolder({ 'a/x.html': 'x', 'a/deep/y.html': 'y' });
    await rm(path('a'), { recursive: true });
    await expectOnly('remove /a/x.html', 'remove /a/deep/y.html');
  });

  it('is watched again when it is made again', async () => {
    const { path, expectOnly } = await watchFolder({ 'a/x.html': 'x' });
    await rm(path('a'), { recursive: true });
    await expectOnly('remove /a/x.html');
    await mkdir(path('a'));
    await writeFile(path('a/x.html'), 'x');
    await expectOnly('create /a/x.html');
    await writeFile(path('a/x.html'), 'y');
    await expectOnly('write /a/x.html');
  });

  it('is watched again when it is made again at once', async () => {
    const { path, expectOnly } = await watchFolder({ 'a/x.html': 'x', 'a/gone.html': 'x' });
    for (const content of ['1', '2', '3']) {
      rmSync(path('a'), { recursive: true });
      mkdirSync(path('a'));
      writeFileSync(path('a/x.html'), content);
    }
    await expectOnly('write /a/x.html', 'remove /a/gone.html');
    await writeFile(path('a/x.html'), 'y');
    await expectOnly('write /a/x.html');
  });

  it('may become a file, and a file a folder', async () => {
    const { path, expectOnly } = await watchFolder({ 'a/x.html': 'x', b: 'b' });
    rmSync(path('a'), { recursive: true });
    writeFileSync(path('a'), 'now a file');
    rmSync(path('b'));
    mkdirSync(path('b'));
    writeFileSync(path('b/y.html'), 'y');
    await expectOnly('remove /a/x.html', 'create /a', 'remove /b', 'create /b/y.html');
  });
});
