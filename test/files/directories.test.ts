import { renameSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Directories } from '../../plugins/files/directories.ts';
import { KeyedQueue } from '../../plugins/files/keyed-queue.ts';
import { folderWith } from './watch-folder.ts';

it('a folder that is left while it is listed is none that could not be watched', async () => {
  const real = await folderWith({ 'a.html': 'a' });
  const listener = { onEntry() {}, onError() {} };
  const directories = new Directories(new KeyedQueue(async () => {}, 1), undefined, listener);
  onTestFinished(() => directories.close());
  const place = { identity: '1', real, linked: false };
  expect(await directories.enter('', place)).toBe(true);
  directories.miss('');
  expect(directories.unwatched).toBe(1);
  directories.disarm('');
  directories.miss('');
  expect(directories.unwatched).toBe(0);
});

/** Directories of `root`, and what they tell. */
function watched(root: string) {
  const looks = new Set<string>();
  const seen = new Set<string>();
  const queue = new KeyedQueue(async (path) => void looks.add(path), 1);
  const directories = new Directories(queue, undefined, {
    onEntry: (folder, name) => void seen.add(`${folder} ${name}`),
    onError() {},
  });
  onTestFinished(() => directories.close());
  const at = (path: string) => join(root, path);
  const placeOf = async (path: string) => {
    const { ino } = await stat(at(path));
    return [path, { identity: String(ino), real: at(path), linked: false }] as const;
  };
  return { at, directories, looks, placeOf, seen };
}

it.runIf(process.platform === 'linux')(
  'a folder in whose place another was while its watch was set is watched anew, and so are those in it',
  async () => {
    const root = await folderWith({ 'a/deep/er/1.txt': '', 'b/deep/er/1.txt': '' });
    const { at, directories, looks, placeOf, seen } = watched(root);
    const folders = ['a', 'a/deep', 'a/deep/er'];
    const places = await Promise.all(['', ...folders].map(placeOf));
    renameSync(at('a'), at('away'));
    renameSync(at('b'), at('a'));
    for (const [path, place] of places) await directories.enter(path, place);
    renameSync(at('a'), at('b'));
    renameSync(at('away'), at('a'));
    // What the folder above has reported leads to a look at it, and that to one at what is in it.
    await expect.poll(() => seen).toContain(' away');
    for (const [path, place] of places.slice(1)) {
      await expect.poll(() => looks).toContain(path);
      expect(await directories.enter(path, place)).toBe(true);
    }
    for (const folder of folders) writeFileSync(at(`${folder}/2.txt`), '');
    for (const folder of folders) await expect.poll(() => seen).toContain(`${folder} 2.txt`);
  },
);

it.runIf(process.platform === 'linux')(
  'so are a root that was elsewhere meanwhile, and a folder in it',
  async () => {
    const [root, other] = [
      await folderWith({ 'a/1.txt': '' }),
      await folderWith({ 'a/1.txt': '' }),
    ];
    const { at, directories, looks, placeOf, seen } = watched(root);
    const places = await Promise.all(['', 'a'].map(placeOf));
    renameSync(root, `${root}-away`);
    renameSync(other, root);
    for (const [path, place] of places) await directories.enter(path, place);
    renameSync(root, other);
    renameSync(`${root}-away`, root);
    // Nobody watches the folder above: its own watch tells.
    for (const [path, place] of places) {
      await expect.poll(() => looks).toContain(path);
      expect(await directories.enter(path, place)).toBe(true);
    }
    writeFileSync(at('a/2.txt'), '');
    await expect.poll(() => seen).toContain('a 2.txt');
  },
);
