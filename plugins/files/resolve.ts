import type { AccessRules } from './access.ts';
import { type Entry, findEntry } from './find-entry.ts';
import { parseTarget } from './parse-target.ts';
import { slashRedirect } from './redirect.ts';
import { isWindowsAlias } from './windows-alias.ts';

/** What a request-target stands for. */
export type Resolution =
  | {
      readonly kind: 'file';
      /** The real absolute path of what was a regular file when it was looked at. */
      readonly path: string;
      /** The same path below the root, with `/`; of what lies outside, the path of the link. */
      readonly relative: string;
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

export interface ResolveOptions extends AccessRules {
  /** Whether `/guide` finds `guide.html`. @default false */
  readonly cleanUrls?: boolean;
  /** Whether a folder without an index is a `directory`, to be listed. @default false */
  readonly list?: boolean;
}

export const INDEX = 'index.html';

/**
 * Finds the file for a request. Never throws nor rejects, and opens nothing. Hidden and sensitive
 * files are missing, and links out of the root, unless the rules say otherwise; FIFOs, sockets and
 * devices always are.
 * @param root the real path of the root
 * @param target path and query, still encoded, below the mount prefix
 */
export async function resolveFile(
  root: string,
  target: string,
  rules: ResolveOptions = {},
): Promise<Resolution> {
  const parsed = parseTarget(target);
  if (!parsed) return { kind: 'malformed' };
  const { segments, trailingSlash, query } = parsed;
  const { cleanUrls = false, list = false } = rules;
  const redirect = (slash: 'missing' | 'surplus'): Resolution => {
    const location = slashRedirect(slash, segments.at(-1) ?? '', query);
    return location === undefined ? { kind: 'missing' } : { kind: 'redirect', location };
  };
  const findIndex = () => findEntry(root, [...segments, INDEX], rules);
  const index = trailingSlash ? await findIndex() : undefined;
  if (index?.stats.isFile()) return fileAt(index);
  const entry = await findEntry(root, segments, rules);
  if (entry?.stats.isFile() && !trailingSlash) return fileAt(entry);
  const page = cleanUrls ? await findPage(root, segments, rules) : undefined;
  if (page && !trailingSlash) return fileAt(page);
  const folder = entry?.stats.isDirectory() ? entry : undefined;
  if (folder && !trailingSlash && (await findIndex())?.stats.isFile()) return redirect('missing');
  if (page) return redirect('surplus');
  if (!folder || !list) return { kind: 'missing' };
  if (!trailingSlash) return redirect('missing');
  return { kind: 'directory', relative: folder.relative, segments };
}

/** The page that a path without its ".html" stands for. */
async function findPage(
  root: string,
  segments: readonly string[],
  rules: AccessRules,
): Promise<Entry | undefined> {
  const name = segments.at(-1);
  // The rules for names hold for what was asked for, not only for what is looked up.
  if (name === undefined || isWindowsAlias(name)) return;
  const page = await findEntry(root, [...segments.slice(0, -1), `${name}.html`], rules);
  return page?.stats.isFile() ? page : undefined;
}

const fileAt = ({ path, relative }: Entry): Resolution => ({ kind: 'file', path, relative });
