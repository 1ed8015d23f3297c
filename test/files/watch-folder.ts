import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Change } from '../../plugins/files/change.ts';
import { type Watcher, type WatchOptions, watchFiles } from '../../plugins/files/watcher.ts';

/** A temporary folder with these files, removed after the test. */
export async function folderWith(files: Record<string, string>): Promise<string> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'dev-serve-files-')));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'site');
  await mkdir(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** The changes a watcher announces, as "operation path" or "rename from path". */
export interface Watched {
  readonly root: string;
  readonly watcher: Watcher;
  readonly seen: string[];
  readonly errors: Error[];
  path(relative: string): string;
  /**
   * Waits until exactly these changes are announced, in any order between paths, then for a
   * change made afterwards: whatever was still to come has come before it.
   */
  expectOnly(...changes: string[]): Promise<void>;
}

const SENTINEL = 'zz-sentinel.txt';

/** Watches a folder for the length of the test. */
export function watchNow(root: string, options: WatchOptions = {}): Watched {
  const seen: string[] = [];
  const errors: Error[] = [];
  const onChange = ({ operation, path, from }: Change) =>
    seen.push([operation, from, path].filter((part) => part !== undefined).join(' '));
  const watcher = watchFiles(root, onChange, {
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(() => watcher.close());
  const path = (relative: string) => join(root, relative);
  return {
    root,
    watcher,
    seen,
    errors,
    path,
    async expectOnly(...changes) {
      await expect
        .poll(() => seen.toSorted(), { timeout: 20_000, interval: 5 })
        .toEqual(changes.toSorted());
      // A removal is announced after the grace that a late announcement could still be held by.
      await writeFile(path(SENTINEL), 'x');
      await expect
        .poll(() => seen, { timeout: 20_000, interval: 5 })
        .toContain(`create /${SENTINEL}`);
      await rm(path(SENTINEL));
      await expect
        .poll(() => seen, { timeout: 20_000, interval: 5 })
        .toContain(`remove /${SENTINEL}`);
      const rest = seen.filter((change) => !change.endsWith(SENTINEL));
      expect(rest.toSorted()).toEqual(changes.toSorted());
      expect(errors).toEqual([]);
      seen.length = 0;
    },
  };
}

/** Watches a new folder with these files, once everything in it is known. */
export async function watchFolder(
  files: Record<string, string>,
  options: WatchOptions = {},
): Promise<Watched> {
  const watched = watchNow(await folderWith(files), options);
  await watched.watcher.ready;
  return watched;
}
