import { type BigIntStats, type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf } from './content-of.ts';
import { type Fingerprint, fingerprintOf, nowNs, stampOf } from './fingerprint.ts';
import { hashOf } from './hash.ts';
import type { Ignores } from './ignores.ts';
import { inSlices } from './in-slices.ts';
import { isPassing } from './limits.ts';
import { leadsToFile } from './look.ts';
import { Names } from './names.ts';
import { entryOf } from './relative-path.ts';

/** How much is done before the first change can be made. */
export interface CensusBudget {
  /** Files whose state is taken down. */
  readonly looks: number;
  /** Entries whose name is. */
  readonly names: number;
  readonly milliseconds: number;
}

/** Of a local disk the looks take some 15 ms, the names 50; the time is for a slow one. */
export const ALL_AT_ONCE: CensusBudget = { looks: 1000, names: 25_000, milliseconds: 500 };
/** A small site as a whole: what has more is waited for by nobody. */
export const SOME_AT_ONCE: CensusBudget = { looks: 300, names: 300, milliseconds: 500 };

const SMALL_FILE_BYTES = 256n * 1024n;
const CLOCK_STEP_NS = 1_000_000n;

/**
 * What is below a folder at one moment: the names of all files, and the state of the first ones.
 * It is taken synchronously, so that whatever the caller does next is a change. A later listing
 * could not tell: the times of files lag behind the clock by some milliseconds.
 */
export class Census {
  readonly takenNs = nowNs() + CLOCK_STEP_NS;
  readonly files = new Map<string, Fingerprint>();
  readonly #root: string;
  readonly #ignores: Ignores;
  readonly #names = new Names();
  /** Folders that were come upon, those near the root first. */
  readonly #folders = [''];
  #listed = 0;
  #looks: number;
  #hasLosses = false;

  constructor(root: string, ignores: Ignores, budget = ALL_AT_ONCE) {
    this.#root = root;
    this.#ignores = ignores;
    this.#looks = budget.looks;
    const deadline = performance.now() + budget.milliseconds;
    let names = budget.names;
    while (names > 0 && performance.now() < deadline) {
      const folder = this.#folders[this.#listed];
      if (folder === undefined) return;
      names -= this.#list(folder);
    }
    this.#looks = 0;
  }

  /** Whether the budget was enough. */
  get isComplete(): boolean {
    return this.#listed >= this.#folders.length;
  }

  /** Whether a folder has changed before it was listed: of what has left it there is no name. */
  get hasLosses(): boolean {
    return this.#hasLosses;
  }

  /** Takes down the names that the budget was too small for, until told to stop. */
  async complete(isStopped: () => boolean): Promise<void> {
    await inSlices(this.#unlisted(isStopped), (folder) => this.#list(folder));
  }

  /** Crosses off a file that was seen or missed. @returns whether it was there */
  take(path: string): boolean {
    return this.#names.take(path) && !this.#ignores.isIgnored(path, false);
  }

  /** Takes note of which folder stands at a path now. */
  enter(path: string, identity: string): void {
    this.#names.enter(path, identity);
  }

  /**
   * Whether a file is no news.
   * @param changedNs when it last changed
   * @param wasThere whether a file of its name was there
   */
  isOld(path: string, changedNs: bigint, wasThere: boolean): boolean {
    if (changedNs > this.takenNs) return false;
    // What was moved along with a folder has the times that it had before.
    return wasThere ? !this.#names.isReplaced(path) : !this.#names.covers(path);
  }

  /** Whether it is known of a path what was there. */
  covers(path: string): boolean {
    return this.#names.covers(path);
  }

  /** The files that were neither seen nor missed. */
  rest(): string[] {
    return [...this.#names.rest()].filter((path) => !this.#ignores.isIgnored(path, false));
  }

  *#unlisted(isStopped: () => boolean): Iterable<string> {
    while (!isStopped()) {
      const folder = this.#folders[this.#listed];
      if (folder === undefined) return;
      yield folder;
    }
  }

  /** @returns how many entries there are */
  #list(folder: string): number {
    this.#listed += 1;
    const entries = listing(join(this.#root, folder));
    if (entries === undefined) return 1;
    const names = entries.map((entry) => entry.name);
    this.#ignores.enter(folder, names);
    const files = new Set<string>();
    const others = new Set<string>();
    for (const entry of entries) {
      const path = entryOf(folder, entry.name);
      if (entry.isFile()) {
        files.add(entry.name);
        if (this.#looks > 0) this.#look(path);
      } else if (entry.isSymbolicLink()) {
        (leadsToFile(this.#root, path, this.#ignores) ? files : others).add(entry.name);
      } else if (entry.isDirectory()) {
        others.add(entry.name);
        if (!this.#ignores.isIgnored(path, true)) this.#folders.push(path);
      }
    }
    const stats = attempt(() => statSync(join(this.#root, folder), { bigint: true }));
    this.#names.add(folder, { identity: stats && stampOf(stats).identity, files, others });
    // One that has gone, or has come in the place of another since, was another one's with other names.
    if (stats === undefined || stats.ctimeNs > this.takenNs) this.#hasLosses = true;
    return 1 + entries.length;
  }

  #look(path: string): void {
    this.#looks -= 1;
    if (this.#ignores.isIgnored(path, false)) return;
    const file = join(this.#root, path);
    const stats = attempt(() => lstatSync(file, { bigint: true }));
    if (stats?.isFile()) this.files.set(path, fingerprintNow(file, stats));
  }
}

/** Reads the content only where the times alone could not tell a change that follows at once. */
function fingerprintNow(path: string, stats: BigIntStats): Fingerprint {
  const fingerprint = fingerprintOf(stampOf(stats), nowNs());
  if (!fingerprint.racy || stats.size > SMALL_FILE_BYTES) return fingerprint;
  const content = contentOf(path);
  return content ? { ...fingerprint, hash: hashOf(content) } : fingerprint;
}

/** What is in a folder, nothing where there is no folder, or undefined when it cannot be told. */
function listing(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
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
