import fs from 'node:fs';
import { chmod, readdir, rename, rm, symlink } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFile } from '../../plugins/files/open-file.ts';
import { openStepwise } from '../../plugins/files/open-stepwise.ts';
import { folderWith } from './watch-folder.ts';

const FILES = { 'sub/deep/a.txt': 'public', '../outside/deep/a.txt': 'CANARY' };
const SWAPS = 800;

/** Lets the system tell of paths what a disk in layers may: those of the layer below. */
function tellOtherPaths(): void {
  const { readlinkSync } = fs;
  const other = (path: fs.PathLike) => `/layer${readlinkSync(path, 'utf8')}`;
  Object.assign(fs, { readlinkSync: other });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { readlinkSync });
    syncBuiltinESMExports();
  });
}

async function textOf(path: string): Promise<string> {
  const file = await openFile(path);
  if (typeof file === 'string') return file;
  try {
    return fs.readFileSync(file.descriptor.fd, 'utf8');
  } finally {
    await file.descriptor.close();
  }
}

const descriptors = async () => (await readdir('/proc/self/fd')).length;

describe.runIf(process.platform === 'linux')('S2: where the system tells of other paths', () => {
  it('a file is opened all the same', async () => {
    const root = await folderWith(FILES);
    tellOtherPaths();
    const before = await descriptors();
    expect(await textOf(`${root}/sub/deep/a.txt`)).toBe('public');
    expect(await descriptors()).toBeLessThanOrEqual(before);
  });

  it.each(['sub', 'sub/deep', 'sub/deep/a.txt'])('not if %s is a link by now', async (name) => {
    const root = await folderWith(FILES);
    tellOtherPaths();
    await rename(`${root}/${name}`, `${root}/was`);
    await symlink(`${root}/../outside${name.slice(3)}`, `${root}/${name}`);
    const before = await descriptors();
    expect(await textOf(`${root}/sub/deep/a.txt`)).toBe('moved');
    // The way to where it is now has no link in it, but the path still has.
    await rm(`${root}/${name}`);
    await symlink(`${root}/was`, `${root}/${name}`);
    expect(await textOf(`${root}/sub/deep/a.txt`)).toBe('moved');
    expect(await descriptors()).toBeLessThanOrEqual(before);
  });

  it('a folder that is no more than passed through need not be readable', async () => {
    const root = await folderWith(FILES);
    await chmod(`${root}/sub`, 0o111);
    onTestFinished(() => chmod(`${root}/sub`, 0o755));
    tellOtherPaths();
    expect(await textOf(`${root}/sub/deep/a.txt`)).toBe('public');
  });

  it(`${SWAPS} swaps of a folder for a link and back lead nowhere else`, async () => {
    const root = await folderWith(FILES);
    const seen = new Set<string>();
    let isSwapping = true;
    const swap = async (): Promise<void> => {
      await symlink('../outside', `${root}/link`);
      for (let count = 0; count < SWAPS; count += 1) {
        await rename(`${root}/sub`, `${root}/was`);
        await rename(`${root}/link`, `${root}/sub`);
        await rename(`${root}/sub`, `${root}/link`);
        await rename(`${root}/was`, `${root}/sub`);
      }
      isSwapping = false;
    };
    const read = async (): Promise<void> => {
      while (isSwapping) {
        const file = await openStepwise(`${root}/sub/deep/a.txt`, fs.constants.O_RDONLY).catch(
          ({ code }: NodeJS.ErrnoException) => String(code),
        );
        seen.add(typeof file === 'string' ? file : fs.readFileSync(file.fd, 'utf8'));
        if (typeof file !== 'string') await file.close();
        // A quick disk answers in the same turn.
        await nextTurn();
      }
    };
    await Promise.all([swap(), read(), read()]);
    seen.delete('ENOENT');
    seen.delete('ENOTDIR');
    expect([...seen]).toEqual(['public']);
  });
});
