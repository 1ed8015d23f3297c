import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { relativeWithin } from './contain.ts';
import { isHidden } from './hidden.ts';
import { parseTarget } from './parse-target.ts';
import { isWindowsAlias } from './windows-alias.ts';

/** What a request-target stands for. */
export type Resolution =
  | {
      readonly kind: 'file';
      /** The real absolute path of a regular file inside the root. */
      readonly path: string;
      /** The same path below the root, with `/`. */
      readonly relative: string;
      /** In bytes. */
      readonly size: number;
    }
  /** A folder without its slash: `location` is relative ("./name/") and keeps the query. */
  | { readonly kind: 'redirect'; readonly location: string }
  /** To be answered 404. */
  | { readonly kind: 'missing' }
  /** To be answered 400. */
  | { readonly kind: 'malformed' };

interface Entry {
  readonly path: string;
  readonly relative: string;
  readonly stats: Stats;
}

const INDEX = 'index.html';

/**
 * Finds the file for a request. Never throws nor rejects, opens nothing, and follows links inside
 * the root only; hidden files are missing, as are FIFOs, sockets and devices.
 * @param root the real path of the root
 * @param target path and query, still encoded, below the mount prefix
 */
export async function resolveFile(root: string, target: string): Promise<Resolution> {
  const parsed = parseTarget(target);
  if (!parsed) return { kind: 'malformed' };
  const { segments, trailingSlash, query } = parsed;
  const entry = await find(root, segments);
  if (entry?.stats.isFile()) return trailingSlash ? { kind: 'missing' } : fileAt(entry);
  if (!entry?.stats.isDirectory()) return { kind: 'missing' };
  const index = await find(root, [...segments, INDEX]);
  if (!index?.stats.isFile()) return { kind: 'missing' };
  if (trailingSlash) return fileAt(index);
  // Relative: "//host/" as a folder's name, or a prefix in front of us, cannot lead elsewhere.
  const name = encodeURIComponent(segments.at(-1) ?? '');
  return { kind: 'redirect', location: `./${name}/${query}` };
}

const fileAt = ({ path, relative, stats }: Entry): Resolution => ({
  kind: 'file',
  path,
  relative,
  size: stats.size,
});

async function find(root: string, segments: readonly string[]): Promise<Entry | undefined> {
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
