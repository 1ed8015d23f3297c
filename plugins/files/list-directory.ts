import { constants } from 'node:fs';
import { access, opendir } from 'node:fs/promises';
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

interface ListOptions {
  /** How many entries are looked at: those that the disk tells first. @default 10000 */
  readonly limit?: number;
  /** Whether nobody waits for the list any more; then there will be none. */
  readonly isUnwanted?: () => boolean;
}

const LIMIT = 10_000;
/** Entries that are looked at together: the disk is busy, but other requests get their turn. */
const AT_ONCE = 32;
/** Names that are read together: what is done with them is not to be felt elsewhere. */
const NAMES_AT_ONCE = 512;

// Made at the first use: it takes as long as the start of half a server.
let collator: Intl.Collator | undefined;

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
  { limit = LIMIT, isUnwanted = () => false }: ListOptions = {},
): Promise<DirectoryList | undefined> {
  const segments = relative === '' ? [] : relative.split('/');
  const found = await readNames(root, segments, rules, { limit, isUnwanted });
  if (!found) return;
  const { names, left } = found;
  const entries: DirectoryEntry[] = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    if (isUnwanted()) return;
    const some = names.slice(start, start + AT_ONCE);
    const looks = some.map((name) => look(root, [...segments, name], rules));
    for (const entry of await Promise.all(looks)) if (entry) entries.push(entry);
  }
  return { entries: entries.sort(byKindAndName), left };
}

/** Those that the disk tells first: a folder may have more names than can be sorted in no time. */
async function readNames(
  root: string,
  segments: readonly string[],
  rules: AccessRules,
  { limit, isUnwanted }: Required<ListOptions>,
): Promise<{ names: readonly string[]; left: number } | undefined> {
  const names: string[] = [];
  let left = 0;
  try {
    const folder = await opendir(join(root, ...segments), { bufferSize: NAMES_AT_ONCE });
    // It is closed in every end.
    for await (const { name } of folder) {
      if (isUnwanted()) return;
      if (!mayBeAskedFor(segments, name, rules)) continue;
      if (names.length < limit) names.push(name);
      else left += 1;
    }
    return { names, left };
  } catch (error) {
    if (isExhausted(error)) throw fileError(error);
    return;
  }
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

function byKindAndName(a: DirectoryEntry, b: DirectoryEntry): number {
  if (a.isFolder !== b.isFolder) return a.isFolder ? -1 : 1;
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
}
