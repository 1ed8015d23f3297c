import { type BigIntStats, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fingerprint, fingerprintOf, nowNs, stampOf } from './fingerprint.ts';
import type { Ignores } from './ignores.ts';
import { isPassing } from './limits.ts';
import { hashOf } from './read-fingerprint.ts';
import { entryOf } from './relative-path.ts';

/** The state of the files at one moment, as far as the budget for it reached. */
export interface Census {
  readonly files: ReadonlyMap<string, Fingerprint>;
  readonly takenNs: bigint;
  /** Whether a file that the census does not list was not there. */
  covers(path: string): boolean;
}

const SMALL_FILE_BYTES = 256n * 1024n;
/** Of a local disk this many entries take some 15 ms; the time is for a slow one. */
const BUDGET = { entries: 1000, milliseconds: 250 };
const CLOCK_STEP_NS = 1_000_000n;

/**
 * Lists the files below a folder synchronously, so that whatever the caller does next is a change.
 * A later listing could not tell: the times of files lag behind the clock by some milliseconds.
 * @param budget how many entries are looked at, and for how many milliseconds at most; the remaining
 * folders are left out
 */
export function takeCensus(root: string, ignores: Ignores, budget = BUDGET): Census {
  const takenNs = nowNs() + CLOCK_STEP_NS;
  const deadline = performance.now() + budget.milliseconds;
  let looks = 0;
  const isSpent = () => looks > budget.entries || performance.now() > deadline;
  const files = new Map<string, Fingerprint>();
  const skipped = new Set<string>();
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const names = isSpent() ? undefined : listing(join(root, folder));
    if (names) ignores.enter(folder, names);
    for (const name of names ?? []) {
      if (isSpent()) break;
      looks += 1;
      const path = entryOf(folder, name);
      if (ignores.isIgnored(path)) continue;
      const stats = attempt(() => lstatSync(join(root, path), { bigint: true }));
      if (stats && ignores.isIgnored(path, stats.isDirectory())) continue;
      if (stats?.isDirectory()) folders.push(path);
      if (stats?.isSymbolicLink()) skipped.add(path);
      if (stats?.isFile()) files.set(path, fingerprintNow(join(root, path), stats));
    }
    if (isSpent() || names === undefined) skipped.add(folder);
  }
  return { files, takenNs, covers: (path) => !ancestry(path).some((each) => skipped.has(each)) };
}

/** Reads the content only where the times alone could not tell a change that follows at once. */
function fingerprintNow(path: string, stats: BigIntStats): Fingerprint {
  const fingerprint = fingerprintOf(stampOf(stats), nowNs());
  if (!fingerprint.racy || stats.size > SMALL_FILE_BYTES) return fingerprint;
  const content = attempt(() => readFileSync(path));
  return content ? { ...fingerprint, hash: hashOf(content) } : fingerprint;
}

/** The names in a folder, none where there is no folder, or undefined when it cannot be told. */
function listing(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    return isPassing(error) ? undefined : [];
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The path, the folders above it, and the root (''). */
function ancestry(path: string): string[] {
  const segments = path.split('/');
  return ['', ...segments.map((_, index) => segments.slice(0, index + 1).join('/'))];
}
