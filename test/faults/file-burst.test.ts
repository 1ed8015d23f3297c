import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../files/watch-folder.ts';
import { FollowedSite } from '../support/faults/followed-site.ts';
import { inForm, tell } from '../support/faults/form.ts';

const FILES = inForm(500, 10_000);
const FOLDERS = FILES / 100;
/** How long a file may be empty before that is told. */
const EMPTY_MS = 300;
const soon = { timeout: 60_000, interval: 20 };

/** Runs in a process of its own, as what changes files does. */
const PROGRAM = `
  import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
  const [what, root, files, folders] = process.argv.slice(1);
  const numbers = Array.from({ length: files }, (_, n) => n);
  const at = (n, end = 'html') => root + '/' + (n % folders) + '/' + n + '.' + end;
  for (let n = 0; n < folders; n++) mkdirSync(root + '/' + n, { recursive: true });
  if (what === 'write') for (const n of numbers) writeFileSync(at(n), n + ' ' + Date.now());
  if (what === 'rename') for (const n of numbers) renameSync(at(n), at(n, 'txt'));
  if (what === 'rename back') for (const n of numbers) renameSync(at(n, 'txt'), at(n));
  if (what === 'remove') for (const n of numbers) rmSync(at(n));
`;

async function burst(what: string, root: string): Promise<void> {
  const args = ['--input-type=module', '-e', PROGRAM, what, root, String(FILES), String(FOLDERS)];
  expect(await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')).toEqual([
    0,
    null,
  ]);
}

/** What was told of each file, by its name without the ending. */
function byFile(changes: readonly string[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const change of changes) {
    const [, name] = /(\d+\/\d+)\.\w+$/.exec(change) ?? [];
    if (name !== undefined) files.set(name, [...(files.get(name) ?? []), change]);
  }
  return files;
}

const watches = () =>
  readdirSync('/proc/self/fdinfo').length +
  process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;

describe(`a burst of ${FILES} files`, { timeout: 240_000 }, () => {
  it.runIf(process.platform === 'linux')(
    'is told from its beginning, each change once, and leaves nothing behind',
    async () => {
      const root = await folderWith({ 'index.html': 'one' });
      const before = watches();
      const site = await FollowedSite.start(root);
      const kinds = ['write', 'write', 'rename', 'rename back', 'remove'];
      let settled = 0;
      for (const [nth, what] of kinds.entries()) {
        const start = site.mirror.told.length;
        const told = () => byFile(site.mirror.told.slice(start));
        const toldFiles = () => told().size;
        const begun = performance.now();
        let first = 0;
        const beginning = expect.poll(toldFiles, soon).toBeGreaterThan(0);
        void beginning.then(() => (first = performance.now() - begun));
        await burst(what, root);
        const done = performance.now();
        await expect.poll(toldFiles, soon).toBe(FILES);
        const last = performance.now();
        await beginning;
        await site.mirror.expectMark();
        // A file that is left empty for so long is told when it is, and when it is not any more.
        const most = what === 'write' ? Math.floor((done - begun) / EMPTY_MS) : 0;
        const repeated = [...told().values()].filter((changes) => changes.length > 1);
        expect(repeated.slice(most)).toEqual([]);
        tell(`${what} of ${FILES} files`, {
          'ms of writing': Math.round(done - begun),
          'ms to the first event': Math.round(first),
          'ms from the end to the last event': Math.round(last - done),
          'MB of heap': Math.round(process.memoryUsage().heapUsed / 2 ** 20),
        });
        // Folders are watched once, however often what is in them changes.
        if (nth === 0) settled = watches();
        else expect(watches()).toBeLessThanOrEqual(settled + 5);
      }
      await site.mirror.expectExact();
      site.follower.expectWhole();
      await site.close();
      await expect.poll(watches, soon).toBeLessThanOrEqual(before + 5);
    },
  );

  it('goes with the folder it is in, and comes back with it', async () => {
    const parent = await folderWith({ 'site/index.html': 'one' });
    const root = join(parent, 'site');
    const site = await FollowedSite.start(root);
    await burst('write', root);
    await expect.poll(() => byFile(site.mirror.told).size, soon).toBe(FILES);
    for (const command of [`rm -r site`, `mkdir site`]) {
      const shell = spawn('sh', ['-c', command], { cwd: parent, stdio: 'inherit' });
      expect(await once(shell, 'exit')).toEqual([0, null]);
      await expect.poll(() => site.mirror.differences(), soon).toEqual([]);
    }
    await burst('write', root);
    await site.expectExact();
  });
});
