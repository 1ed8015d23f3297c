import { type Entry, findEntry } from './find-entry.ts';
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
  /** A folder to be listed. */
  | {
      readonly kind: 'directory';
      /** The real path below the root, with `/`; '' for the root itself. */
      readonly relative: string;
      /** The path that was asked for, decoded. */
      readonly segments: readonly string[];
    }
  /** A slash too few or too many: `location` is relative and keeps the query. */
  | { readonly kind: 'redirect'; readonly location: string }
  /** To be answered 404. */
  | { readonly kind: 'missing' }
  /** To be answered 400. */
  | { readonly kind: 'malformed' };

export interface ResolveOptions {
  /** Whether `/guide` finds `guide.html`. @default false */
  readonly cleanUrls?: boolean;
  /** Whether a folder without an index is a `directory`, to be listed. @default false */
  readonly list?: boolean;
}

const INDEX = 'index.html';

/**
 * Finds the file for a request. Never throws nor rejects, opens nothing, and follows links inside
 * the root only; hidden files are missing, as are FIFOs, sockets and devices.
 * @param root the real path of the root
 * @param target path and query, still encoded, below the mount prefix
 */
export async function resolveFile(
  root: string,
  target: string,
  { cleanUrls = false, list = false }: ResolveOptions = {},
): Promise<Resolution> {
  const parsed = parseTarget(target);
  if (!parsed) return { kind: 'malformed' };
  const { segments, trailingSlash, query } = parsed;
  // Relative: "//host/" as a folder's name, or a prefix in front of us, cannot lead elsewhere.
  const name = encodeURIComponent(segments.at(-1) ?? '');
  const entry = await findEntry(root, segments);
  if (entry?.stats.isFile() && !trailingSlash) return fileAt(entry);
  const page = cleanUrls ? await findPage(root, segments) : undefined;
  if (page && !trailingSlash) return fileAt(page);
  const folder = entry?.stats.isDirectory() ? entry : undefined;
  const index = folder && (await findEntry(root, [...segments, INDEX]));
  if (index?.stats.isFile()) {
    return trailingSlash ? fileAt(index) : { kind: 'redirect', location: `./${name}/${query}` };
  }
  if (page) return { kind: 'redirect', location: `../${name}${query}` };
  if (!folder || !list) return { kind: 'missing' };
  if (!trailingSlash) return { kind: 'redirect', location: `./${name}/${query}` };
  return { kind: 'directory', relative: folder.relative, segments };
}

/** The page that a path without its ".html" stands for. */
async function findPage(root: string, segments: readonly string[]): Promise<Entry | undefined> {
  const name = segments.at(-1);
  // The rules for names hold for what was asked for, not only for what is looked up.
  if (name === undefined || isWindowsAlias(name)) return;
  const page = await findEntry(root, [...segments.slice(0, -1), `${name}.html`]);
  return page?.stats.isFile() ? page : undefined;
}

const fileAt = ({ path, relative, stats }: Entry): Resolution => ({
  kind: 'file',
  path,
  relative,
  size: stats.size,
});
