import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { relativeWithin } from './contain.ts';
import { isHidden } from './hidden.ts';
import { isWindowsAlias } from './windows-alias.ts';

/** What lies inside a root and may be served, if it is a file. */
export interface Entry {
  /** The real absolute path. */
  readonly path: string;
  /** The same path below the root, with `/`. */
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
): Promise<Entry | undefined> {
  if (isHidden(segments) || segments.some(isWindowsAlias)) return;
  try {
    const path = await realpath(join(root, ...segments));
    const relative = relativeWithin(root, path);
    // The rules hold for the final path too: a link must not lead to what has no URL of its own.
    if (relative === undefined || isHidden(relative.split('/'))) return;
    if (isOtherCase(segments.join('/'), relative)) return;
    return { path, relative, stats: await stat(path) };
  } catch {
    return;
  }
}

/** On a disk that folds case `/INDEX.HTML` finds `index.html`; elsewhere it is missing. */
function isOtherCase(requested: string, relative: string): boolean {
  return requested !== relative && requested.toLowerCase() === relative.toLowerCase();
}
