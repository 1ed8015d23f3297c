import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { type AccessRules, isDenied, mayLeadTo } from './access.ts';
import { relativeWithin } from './contain.ts';
import { plainStatsAt, realPath, statsAt } from './disk.ts';
import { isWindowsAlias } from './windows-alias.ts';

/** Elsewhere only the real path tells how a name is written. */
const isCaseKept = process.platform === 'linux';

/** What lies inside a root and may be served, if it is a file. */
export interface Entry {
  /** The real absolute path. */
  readonly path: string;
  /** The same path below the root, with `/`; of what lies outside, the path that was asked for. */
  readonly relative: string;
  readonly stats: Stats;
}

/**
 * Finds what a path below the root leads to; undefined for what no request may see. Never rejects,
 * and opens nothing.
 * @param root the real path of the root
 * @param segments each canonical, as `parseTarget` tells them
 */
export async function findEntry(
  root: string,
  segments: readonly string[],
  rules: AccessRules = {},
): Promise<Entry | undefined> {
  if (isDenied(segments, rules) || segments.some(isWindowsAlias)) return;
  try {
    const requested = join(root, ...segments);
    const plain = isCaseKept ? await plainStatsAt(root, segments) : undefined;
    if (plain?.isFile()) return { path: requested, relative: segments.join('/'), stats: plain };
    const path = await realPath(requested);
    const relative = relativeWithin(root, path);
    // The rules hold for the final path too: a link must not lead to what has no URL of its own.
    if (relative === undefined ? !mayLeadTo(path, rules) : isDenied(relative.split('/'), rules))
      return;
    if (relative !== undefined && isOtherCase(segments.join('/'), relative)) return;
    // Not stat: what has become a link since is none that was looked at.
    return { path, relative: relative ?? segments.join('/'), stats: await statsAt(path) };
  } catch {
    return;
  }
}

/** On a disk that folds case `/INDEX.HTML` finds `index.html`; elsewhere it is missing. */
function isOtherCase(requested: string, relative: string): boolean {
  return requested !== relative && requested.toLowerCase() === relative.toLowerCase();
}
