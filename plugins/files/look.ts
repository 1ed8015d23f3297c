import { type BigIntStats, lstatSync, realpathSync, statSync } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { relativeWithin } from './contain.ts';
import { type Stamp, stampOf } from './fingerprint.ts';
import type { Ignores } from './ignores.ts';
import { askDisk } from './quick-disk.ts';
import { nameOf } from './relative-path.ts';

export interface Found {
  readonly kind: 'file' | 'directory';
  /** Absolute, with all links resolved. */
  readonly real: string;
  readonly stamp: Stamp;
  /** When the entry or what it links to last changed. */
  readonly changedNs: bigint;
  /** The target's path below the root, or its real path, when the entry is a symbolic link. */
  readonly target?: string;
}

/** What stands at a path of the disk. Sockets, FIFOs and devices count as absent. */
export type Sighting = Found | { readonly kind: 'absent' | 'ignored'; readonly isLink?: boolean };

export const ABSENT: Sighting = { kind: 'absent' };
const IGNORED: Sighting = { kind: 'ignored' };
/** A link that leads nowhere, or where it is not followed. */
const DEAD_LINK: Sighting = { kind: 'absent', isLink: true };

/**
 * Looks at an entry of a folder without opening it. A link is followed where requests follow it,
 * and is ignored by what it is named and by what it leads to.
 */
export async function look(
  root: string,
  realParent: string,
  relative: string,
  ignores: Ignores,
): Promise<Sighting> {
  try {
    const path = join(realParent, nameOf(relative));
    const stats = await statsIfThere(path);
    if (!stats) return ABSENT;
    if (!stats.isSymbolicLink()) {
      if (ignores.isIgnored(relative, stats.isDirectory())) return IGNORED;
      return sighting(path, stats, stats.ctimeNs);
    }
    return await lookThrough(root, path, stats, relative, ignores);
  } catch {
    return ABSENT;
  }
}

async function lookThrough(
  root: string,
  path: string,
  link: BigIntStats,
  relative: string,
  ignores: Ignores,
): Promise<Sighting> {
  try {
    const real = await realpath(path);
    const target = relativeWithin(root, real);
    if (target === undefined && !ignores.leadsTo(real)) return DEAD_LINK;
    const found = await stat(real, { bigint: true });
    const isDirectory = found.isDirectory();
    if (ignores.isIgnored(relative, isDirectory)) return IGNORED;
    if (target !== undefined && ignores.isIgnored(target, isDirectory)) return DEAD_LINK;
    const there = sighting(real, found, link.ctimeNs, target ?? real);
    return there.kind === 'absent' ? DEAD_LINK : there;
  } catch {
    return DEAD_LINK;
  }
}

/** Whether a symbolic link is one that `look` would find a file by, told on the spot. */
export function leadsToFile(root: string, relative: string, ignores: Ignores): boolean {
  try {
    const real = realpathSync(join(root, relative));
    const target = relativeWithin(realpathSync(root), real);
    const isFollowed = target === undefined ? ignores.leadsTo(real) : !ignores.isIgnored(target);
    return isFollowed && statSync(real).isFile();
  } catch {
    return false;
  }
}

/** Looks at the root itself, which may be a link to anywhere. */
export async function lookAtRoot(root: string): Promise<Sighting> {
  try {
    const real = await realpath(root);
    const stats = await stat(real, { bigint: true });
    return stats.isDirectory() ? sighting(real, stats, stats.ctimeNs) : ABSENT;
  } catch {
    return ABSENT;
  }
}

function sighting(real: string, stats: BigIntStats, linkNs: bigint, target?: string): Sighting {
  const kind = stats.isDirectory() ? 'directory' : 'file';
  if (kind === 'file' && !stats.isFile()) return ABSENT;
  const changedNs = stats.ctimeNs > linkNs ? stats.ctimeNs : linkNs;
  const found = { kind, real, stamp: stampOf(stats), changedNs } as const;
  return target === undefined ? found : { ...found, target };
}

/** Whether nothing stands at a path of the disk, not even a dangling link. */
export async function isGone(path: string): Promise<boolean> {
  try {
    return (await statsIfThere(path)) === undefined;
  } catch {
    return true;
  }
}

/** In a burst of renames every other path is not there: an error for each would cost more than all. */
function statsIfThere(path: string): BigIntStats | undefined | Promise<BigIntStats | undefined> {
  return askDisk(
    () => lstatSync(path, { bigint: true, throwIfNoEntry: false }),
    () => lstat(path, { bigint: true }),
  );
}
