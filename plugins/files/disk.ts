import { type BigIntStats, lstatSync, realpathSync, type Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { askDisk } from './quick-disk.ts';

/** The path without links; on the spot where the disk is quick. */
export function realPath(path: string): string | Promise<string> {
  return askDisk(
    () => realpathSync.native(path),
    () => realpath(path),
  );
}

/**
 * What stands at a path below a folder, on the spot, which is half the work of finding its real
 * path; undefined where that has to be found: with a link on the way, or on a slow disk.
 */
export function plainStatsAt(
  folder: string,
  names: readonly string[],
): Stats | undefined | Promise<Stats | undefined> {
  return askDisk(
    () => {
      let path = folder;
      let stats: Stats | undefined;
      for (const name of names) {
        path = join(path, name);
        stats = lstatSync(path);
        if (stats.isSymbolicLink()) return;
      }
      return stats;
    },
    async () => undefined,
  );
}

/** What stands at a path, be it a link; on the spot where the disk is quick. */
export function statsAt(path: string): Stats | Promise<Stats> {
  return askDisk(
    () => lstatSync(path),
    () => lstat(path),
  );
}

/** The same, with times in nanoseconds and numbers of any size. */
export function bigStatsAt(path: string): BigIntStats | Promise<BigIntStats> {
  return askDisk(
    () => lstatSync(path, { bigint: true }),
    () => lstat(path, { bigint: true }),
  );
}
