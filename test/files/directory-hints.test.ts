import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchDirectory } from '../../plugins/files/directory-hints.ts';
import { folderWith } from './watch-folder.ts';

const listener = { onEntry() {}, onDirectory() {}, onError() {} };

async function armed(directory: string, poll?: number): Promise<boolean> {
  const hints = watchDirectory(directory, listener, poll);
  onTestFinished(() => hints.close());
  return hints.armed;
}

describe.each([undefined, 50])('a watch, looking every %s ms', (poll) => {
  it('is set on a folder', async () => {
    const folder = await folderWith({ 'a/x.html': 'a' });
    expect(await armed(join(folder, 'a'), poll)).toBe(true);
  });

  it('is not set where a folder was, and now is none', async () => {
    const folder = await folderWith({ 'elsewhere/x.html': 'a' });
    expect(await armed(join(folder, 'nothing'), poll)).toBe(false);
    await writeFile(join(folder, 'file'), 'a');
    expect(await armed(join(folder, 'file'), poll)).toBe(false);
    await symlink('elsewhere', join(folder, 'link'));
    expect(await armed(join(folder, 'link'), poll)).toBe(false);
  });

  it('says whether it is set, also where a file takes the place of the folder meanwhile', async () => {
    const folder = join(await folderWith({}), 'a');
    for (let turns = 0; turns < 60; turns += 1) {
      mkdirSync(folder);
      for (const name of 'xyz') writeFileSync(join(folder, name), 'a');
      const answer = armed(folder, poll);
      for (let turn = 0; turn < turns % 6; turn += 1) await nextTurn();
      rmSync(folder, { recursive: true });
      writeFileSync(folder, 'a file');
      expect(typeof (await answer)).toBe('boolean');
      rmSync(folder);
    }
  });

  it('that was not set says so at the latest when it is closed', async () => {
    const folder = join(await folderWith({}), 'a');
    await mkdir(folder);
    const hints = watchDirectory(folder, listener, poll);
    await rm(folder, { recursive: true });
    await hints.close();
    expect(typeof (await hints.armed)).toBe('boolean');
  });
});
