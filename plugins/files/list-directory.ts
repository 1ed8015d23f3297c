import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AccessRules, isDenied } from './access.ts';
import { fileError, isExhausted } from './file-error.ts';
import { findEntry } from './find-entry.ts';
import { isCanonical } from './parse-target.ts';
import { INDEX } from './resolve.ts';
import { isWindowsAlias } from './windows-alias.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** In bytes. */
  readonly size: number;
  readonly modified: Date;
}

export interface DirectoryList {
  /** Folders first, by name; none that a request would not be answered with. */
  readonly entries: readonly DirectoryEntry[];
  /** Names beyond the limit: they were not looked at. */
  readonly left: number;
}

const LIMIT = 10_000;
/** Entries that are looked at together: the disk is busy, but other requests get their turn. */
const AT_ONCE = 64;

const { compare } = new Intl.Collator('en', { numeric: true });

/**
 * Lists a directory as requests see it; undefined if it cannot be read.
 * @param root the real path of the root
 * @param relative the path of the directory below it, with `/`; '' for the root itself
 * @throws TooManyFilesError and nothing else
 */
export async function listDirectory(
  root: string,
  relative: string,
  rules: AccessRules = {},
  limit = LIMIT,
): Promise<DirectoryList | undefined> {
  const segments = relative === '' ? [] : relative.split('/');
  const found = await readdir(join(root, ...segments), { withFileTypes: true }).catch((error) => {
    if (isExhausted(error)) throw fileError(error);
  });
  if (!found) return;
  const candidates = found
    .filter(({ name }) => mayBeAskedFor(segments, name, rules))
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .toSorted(byKindAndName);
  const names = candidates.slice(0, limit).map(({ name }) => name);
  const entries: DirectoryEntry[] = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const some = names.slice(start, start + AT_ONCE);
    const looks = some.map((name) => look(root, [...segments, name], rules));
    for (const entry of await Promise.all(looks)) if (entry) entries.push(entry);
  }
  // Once more: only now is it known which links lead to folders.
  return { entries: entries.toSorted(byKindAndName), left: candidates.length - names.length };
}

/** A name that is no UTF-8 was read with U+FFFD in it, and leads to nothing. */
function mayBeAskedFor(segments: readonly string[], name: string, rules: AccessRules): boolean {
  return isCanonical(name) && !isWindowsAlias(name) && !isDenied([...segments, name], rules);
}

async function look(
  root: string,
  segments: readonly string[],
  rules: AccessRules,
): Promise<DirectoryEntry | undefined> {
  const entry = await findEntry(root, segments, rules);
  const isFolder = entry?.stats.isDirectory() ?? false;
  if (!entry || !(isFolder || entry.stats.isFile())) return;
  // A folder is answered with its index, if it has one.
  const index = isFolder ? await findEntry(root, [...segments, INDEX], rules) : undefined;
  const read = [entry, ...(index?.stats.isFile() ? [index] : [])];
  if (!(await allReadable(read.map(({ path }) => path)))) return;
  const { size, mtime } = entry.stats;
  return { name: segments.at(-1) ?? '', isFolder, size, modified: mtime };
}

function allReadable(paths: readonly string[]): Promise<boolean> {
  return Promise.all(paths.map((path) => access(path, constants.R_OK))).then(
    () => true,
    () => false,
  );
}

type Sortable = Pick<DirectoryEntry, 'name' | 'isFolder'>;

function byKindAndName(a: Sortable, b: Sortable): number {
  if (a.isFolder !== b.isFolder) return a.isFolder ? -1 : 1;
  return compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
}
