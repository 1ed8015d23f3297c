import { type BigIntStats, readlinkSync } from 'node:fs';
import { bigStatsAt, realPath } from './disk.ts';

/** Whether what was opened lies, or lay until it was deleted, at exactly this real path. */
export function isOpenAt(path: string, fd: number, stats: BigIntStats): boolean | Promise<boolean> {
  const actual = pathOf(fd);
  if (actual === undefined) return isFoundAt(path, stats);
  return actual === path || actual === `${path} (deleted)`;
}

/**
 * Where the system does not tell: whether this very file is found at a path without links. No proof:
 * a folder that is swapped for a link and back, twice in this order, is not noticed.
 */
export async function isFoundAt(path: string, { dev, ino }: BigIntStats): Promise<boolean> {
  try {
    if ((await realPath(path)) !== path) return false;
    const now = await bigStatsAt(path);
    return now.dev === dev && now.ino === ino && (await realPath(path)) === path;
  } catch {
    return false;
  }
}

/** The system's own answer, on Linux. Asked at once: no disk is read for it. */
export function pathOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}
