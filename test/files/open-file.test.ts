import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isFoundAt, isOpenAt } from '../../plugins/files/descriptor.ts';
import { type OpenFile, openFile } from '../../plugins/files/open-file.ts';
import { folderWith } from './watch-folder.ts';

const FILES = { 'a.txt': 'public', 'sub/a.txt': 'public', '../outside/a.txt': 'CANARY' };

/** Does to the site what may happen to it between the look at a file and its opening. */
const CHANGES: Readonly<Record<string, (root: string) => Promise<unknown>>> = {
  'is gone': (root) => rm(`${root}/sub/a.txt`),
  'is a link out of the root': async (root) => {
    await rm(`${root}/sub/a.txt`);
    await symlink('../../outside/a.txt', `${root}/sub/a.txt`);
  },
  'is a link inside': async (root) => {
    await rm(`${root}/sub/a.txt`);
    await symlink('../a.txt', `${root}/sub/a.txt`);
  },
  'lies in a folder that is a link': async (root) => {
    await rename(`${root}/sub`, `${root}/was`);
    await symlink('../outside', `${root}/sub`);
  },
  'lies in a folder that is a link to where it was': async (root) => {
    await rename(`${root}/sub`, `${root}/was`);
    await symlink('was', `${root}/sub`);
  },
  'is a folder': async (root) => {
    await rm(`${root}/sub/a.txt`);
    await mkdir(`${root}/sub/a.txt`);
  },
  'is a FIFO': async (root) => {
    await rm(`${root}/sub/a.txt`);
    execFileSync('mkfifo', [`${root}/sub/a.txt`]);
  },
};

const descriptors = async () => (await readdir('/proc/self/fd')).length;

async function opened(path: string): Promise<OpenFile> {
  const file = await openFile(path);
  if (typeof file === 'string') throw new Error(`${path}: ${file}`);
  return file;
}

describe('S2: a file', () => {
  it('is opened, and told as it was opened', async () => {
    const root = await folderWith(FILES);
    const file = await opened(`${root}/a.txt`);
    onTestFinished(() => file.descriptor.close());
    await writeFile(`${root}/new`, 'other text');
    await rename(`${root}/new`, `${root}/a.txt`);
    expect(file.stats.size).toBe(6n);
    expect(readFileSync(file.descriptor.fd, 'utf8')).toBe('public');
  });

  it.each(Object.entries(CHANGES))(
    'that %s by now is not, and nothing stays open',
    async (_, act) => {
      const root = await folderWith(FILES);
      await act(root);
      const before = await descriptors();
      expect(await openFile(`${root}/sub/a.txt`)).toBe('moved');
      expect(await descriptors()).toBeLessThanOrEqual(before);
    },
  );
});

describe('S2: what was opened', () => {
  const openIn = async (root: string) => {
    const handle = await open(`${root}/sub/a.txt`);
    onTestFinished(() => handle.close());
    return { fd: handle.fd, stats: await handle.stat({ bigint: true }) };
  };

  it.each(['where the system tells', 'where it does not'])('is known again, %s', async (where) => {
    const root = await folderWith(FILES);
    const path = `${root}/sub/a.txt`;
    const { fd, stats } = await openIn(root);
    const isAt = () =>
      where === 'where it does not' ? isFoundAt(path, stats) : isOpenAt(path, fd, stats);
    expect(await isAt()).toBe(true);
    await rename(`${root}/sub`, `${root}/was`);
    await symlink('../outside', `${root}/sub`);
    expect(await isAt()).toBe(false);
    await rm(`${root}/sub`);
    // The same file, by a way that was not looked at.
    await symlink('was', `${root}/sub`);
    expect(await isAt()).toBe(false);
    await rm(`${root}/sub`);
    await rename(`${root}/was`, `${root}/sub`);
    expect(await isAt()).toBe(true);
  });

  it('is known after it was replaced, as editors do; a copy is not the file', async () => {
    const root = await folderWith(FILES);
    const { fd, stats } = await openIn(root);
    await writeFile(`${root}/next`, 'next');
    await rename(`${root}/next`, `${root}/sub/a.txt`);
    expect(await isOpenAt(`${root}/sub/a.txt`, fd, stats)).toBe(true);
    expect(await isFoundAt(`${root}/sub/a.txt`, stats)).toBe(false);
    expect(await isFoundAt(`${root}/none`, stats)).toBe(false);
  });

  it('may have a second name', async () => {
    const root = await folderWith(FILES);
    await link(`${root}/a.txt`, `${root}/b.txt`);
    const file = await opened(`${root}/b.txt`);
    await file.descriptor.close();
    expect(file.stats.ino).toBe((await stat(`${root}/a.txt`, { bigint: true })).ino);
  });
});
