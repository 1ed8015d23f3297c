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
