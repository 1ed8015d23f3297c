import type { Census } from './census.ts';
import type { Operation } from './change.ts';
import {
  compare,
  type Fingerprint,
  fingerprintOf,
  isSameFile,
  nowNs,
  sameStamp,
  UNREAD,
} from './fingerprint.ts';
import { Grace } from './grace.ts';
import { Inventory } from './inventory.ts';
import type { Found } from './look.ts';
import { readFingerprint } from './read-fingerprint.ts';

/** What a tracker needs to know and tell; paths are relative to the root. */
export interface TrackerPorts {
  /** @param savedNs when the file system recorded it, in nanoseconds since the epoch */
  announce(operation: Operation, path: string, from?: string, savedNs?: bigint): void;
  /** Asks for one more look at a path. */
  recheck(path: string): void;
  isGone(path: string): Promise<boolean>;
  /** Resolves when all paths that wait for a look now, and those below them, were looked at. */
  settled(): Promise<void>;
}

// How long an editor may leave a file missing within one save.
const MISSING_MS = 50;
// And how long a generator may leave it empty: hardly anyone means to, and nobody waits to see it.
const EMPTIED_MS = 300;

/** Holds what is known of each file against what is seen, and announces the difference once. */
export class Tracker {
  readonly #inventory = new Inventory();
  readonly #stopping = new AbortController();
  readonly #ports: TrackerPorts;
  readonly #missing: Grace;
  readonly #emptied: Grace;
  #census: Census | undefined;

  constructor(census: Census, ports: TrackerPorts) {
    this.#ports = ports;
    // In a large move the grace of the old names would run out before the new ones are seen.
    const settled = () => ports.settled();
    const recheck = (path: string) => ports.recheck(path);
    this.#missing = new Grace(MISSING_MS, settled, recheck);
    this.#emptied = new Grace(EMPTIED_MS, settled, recheck);
    this.#census = census;
    for (const [path, fingerprint] of census.files) this.#inventory.set(path, fingerprint);
  }

  /** The known files below a folder. */
  below(directory: string): string[] {
    return this.#inventory.below(directory);
  }

  has(path: string): boolean {
    return this.#inventory.get(path) !== undefined;
  }

  /** From now on an unknown file is a new one. */
  settle(): void {
    this.#census = undefined;
  }

  /** There is a folder at this path. */
  entered(path: string, identity: string): void {
    this.#census?.enter(path, identity);
  }

  /** There is no file at this path. */
  absent(path: string): void {
    if (this.#census?.take(path) && !this.has(path)) this.#inventory.set(path, UNREAD);
    if (this.#inventory.get(path) && !this.#missing.isOver(path)) return;
    this.#endGrace(path);
    if (!this.#inventory.get(path)) return;
    this.#inventory.delete(path);
    this.#ports.announce('remove', path);
  }

  /**
   * There is a file at this path. Calls for one path must not overlap.
   * @param hinted that something was done to it: its times are set before a write, not after
   */
  async present(path: string, found: Found, hinted: boolean): Promise<void> {
    const before = this.#inventory.get(path);
    const wasThere = this.#census?.take(path) ?? false;
    const certain = before && !before.racy && !hinted;
    if (certain && sameStamp(before, found.stamp)) return this.#endGrace(path);
    if (!before) {
      if (this.#census?.isOld(path, found.changedNs, wasThere)) return this.adopt(path, found);
      const moved = wasThere ? undefined : await this.#followMove(path, found);
      // Written and moved within one tick of the clock, it looks like the one that was known.
      if (moved?.hash !== undefined && !moved.racy) return;
      if (wasThere) this.#inventory.set(path, UNREAD);
    }
    const after = await readFingerprint(found.real, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    if (after) this.#decide(path, after);
    else this.#ports.recheck(path);
  }

  /** There is a file at this path, and it is no news. */
  adopt(path: string, { stamp }: Found): void {
    if (!this.has(path)) this.#inventory.set(path, fingerprintOf(stamp, nowNs()));
  }

  /** What is at this path is nobody's business any more. */
  forget(path: string): void {
    this.#endGrace(path);
    this.#inventory.delete(path);
  }

  /** Reads the content of a file as it was found at the start, and misses it if it has gone. */
  async learn(path: string, real: string): Promise<void> {
    const before = this.#inventory.get(path);
    if (!before || before.hash !== undefined) return this.#ports.recheck(path);
    const after = await readFingerprint(real, this.#stopping.signal);
    if (this.#stopping.signal.aborted || this.#inventory.get(path) !== before) return;
    if (after && sameStamp(before, after)) this.#inventory.set(path, after);
    else this.#ports.recheck(path);
  }

  close(): void {
    this.#stopping.abort();
    this.#missing.close();
    this.#emptied.close();
  }

  #endGrace(path: string): void {
    this.#missing.end(path);
    this.#emptied.end(path);
  }

  #decide(path: string, after: Fingerprint): void {
    const before = this.#inventory.get(path);
    const operation = compare(before, after);
    // Most saves empty the file first: wait for the content, or for the certainty of none.
    const emptied = after.size === 0n && before?.size !== 0n;
    this.#missing.end(path);
    if (operation && emptied && !this.#emptied.isOver(path)) return;
    this.#emptied.end(path);
    this.#inventory.set(path, after);
    if (operation) this.#ports.announce(operation, path, undefined, after.ctimeNs);
  }

  /** @returns what was known of the file under its former name, if it has moved here */
  async #followMove(path: string, found: Found): Promise<Fingerprint | undefined> {
    if (found.target !== undefined) return undefined;
    for (const from of this.#inventory.pathsOf(found.stamp.identity)) {
      if (!(await this.#ports.isGone(from)) || this.#stopping.signal.aborted) continue;
      const before = this.#inventory.get(from);
      if (!before || !isSameFile(before, found.stamp)) continue;
      this.#census?.take(from);
      this.#inventory.delete(from);
      this.#endGrace(from);
      this.#inventory.set(path, fingerprintOf(found.stamp, nowNs(), before.hash));
      this.#ports.announce('rename', path, from, found.stamp.ctimeNs);
      return before;
    }
    return undefined;
  }
}
