import { watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Grace } from '../../plugins/files/grace.ts';
import { standStill } from '../support/stand-still.ts';
import { folderWith } from './watch-folder.ts';

const soon = { timeout: 20_000, interval: 5 };

it('what was reported before a grace runs out is heard before it is over', async () => {
  const folder = await folderWith({});
  const heard: string[] = [];
  const watcher = watch(folder, () => heard.push('reported'));
  onTestFinished(() => watcher.close());
  const grace = new Grace(
    5,
    () => Promise.resolve(),
    () => heard.push('over'),
  );
  onTestFinished(() => grace.close());
  expect(grace.isOver('a.html')).toBe(false);
  writeFileSync(join(folder, 'b.html'), 'b');
  standStill(50);
  await expect.poll(() => heard, soon).toContain('over');
  expect(heard[0]).toBe('reported');
});
