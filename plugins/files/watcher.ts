import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { takeCensus } from './census.ts';
import { type Change, type Operation, toUrlPath } from './change.ts';
import { Directories } from './directories.ts';
import type { HintListener } from './directory-hints.ts';
import { isIgnored } from './ignore.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { Links } from './links.ts';
import { isGone, look, lookAtRoot, type Sighting } from './look.ts';
import { Pulse } from './pulse.ts';
import { entryOf, entryTowards, isBelow, nameOf, parentOf } from './relative-path.ts';
import { Tracker } from './tracker.ts';

/** A folder being watched. */
export interface Watcher {
  /** Resolves when the whole folder is watched and its contents are known, or on close. */
  readonly ready: Promise<void>;
  /** Stops; no change is announced afterwards. May be called again. */
  close(): Promise<void>;
}

export interface WatchOptions {
  /**
   * Files and folders to leave out beside the default ones (dot names, `node_modules`, editors'
   * temporary files), by their path below the root with `/`.
   */
  readonly ignored?: (path: string) => boolean;
  /** @default errors are dropped: the watcher carries on with what it still sees */
  readonly onError?: (error: Error) => void;
  /** The URL prefix of the announced paths. @default '' */
  readonly base?: string;
}

type Found = Extract<Sighting, { real: string }>;

const CENSUS_BUDGET_MS = 25;
const LOOKS_AT_ONCE = 16;
const READS_AT_ONCE = 2;
// The kernel queues 16384 events by default and drops the rest without a word.
const HINTS_PER_PULSE = 4096;

/**
 * Announces every change of a file below a folder, once and at once. What the system reports is
 * only a hint where to look: a change is a difference between the disk and what was known.
 *
 * A file moved to a new name is one `rename`, also for each file of a moved folder; moved onto
 * another file, it is a `write` of that file and a `remove` of the old name.
 * @param root may be a link, may be missing for a while, and may be replaced
 */
export function watchFiles(
  root: string,
  onChange: (change: Change) => void,
  options: WatchOptions = {},
): Watcher {
  return new FileWatcher(resolve(root), onChange, options);
}

class FileWatcher implements Watcher {
  readonly ready: Promise<void>;
  readonly #root: string;
  #realRoot: string;
  readonly #onChange: (change: Change) => void;
  readonly #options: WatchOptions;
  readonly #looks = new KeyedQueue((path) => this.#inspect(path), LOOKS_AT_ONCE);
  readonly #reads = new KeyedQueue(
    (path) => this.#tracker.learn(path, join(this.#realRoot, path)),
    READS_AT_ONCE,
  );
  readonly #directories = new Directories((path) => this.#listen(path));
  readonly #tracker: Tracker;
  /** Folders whose watch may be that of a deleted one, and folders to be listed again. */
  readonly #dead = new Set<string>();
  readonly #unread = new Set<string>();
  readonly #links = new Links();
  readonly #pulse = new Pulse(() => this.#onPulse());
  #hints = 0;
  #deaf = false;
  #starting = true;
  #closed: Promise<void> | undefined;

  constructor(root: string, onChange: (change: Change) => void, options: WatchOptions) {
    this.#root = root;
    this.#realRoot = root;
    this.#onChange = onChange;
    this.#options = options;
    const ports = {
      announce: (...change: [Operation, string, string?]) => this.#announce(...change),
      recheck: (path: string) => this.#looks.add(path),
      isGone: (path: string) => isGone(join(this.#realRoot, path)),
    };
    this.#tracker = new Tracker(ports, takeCensus(root, this.#isIgnored, CENSUS_BUDGET_MS));
    this.ready = this.#start();
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  async #start(): Promise<void> {
    this.#looks.add('');
    await this.#looks.idle();
    this.#starting = false;
    this.#tracker.settle();
    for (const path of this.#tracker.below('')) this.#reads.add(path);
    await this.#reads.idle();
    await this.#looks.idle();
  }

  async #stop(): Promise<void> {
    this.#pulse.stop();
    this.#tracker.close();
    await Promise.all([this.#looks.close(), this.#reads.close(), this.#directories.close()]);
  }

  readonly #isIgnored = (path: string): boolean =>
    isIgnored(path) || this.#options.ignored?.(path) === true;

  #listen(directory: string): HintListener {
    return {
      onEntry: (name) => {
        this.#hints++;
        const path = entryOf(directory, name);
        if (!this.#isIgnored(path)) this.#looks.add(path);
      },
      onDirectory: () => {
        this.#dead.add(directory);
        this.#looks.add(directory);
      },
      onError: (error) => this.#options.onError?.(error),
    };
  }

  #announce(operation: Operation, path: string, from?: string): void {
    if (this.#closed) return;
    const { base } = this.#options;
    const change = { operation, path: toUrlPath(path, base) };
    try {
      this.#onChange(from === undefined ? change : { ...change, from: toUrlPath(from, base) });
    } finally {
      for (const link of this.#links.to(path)) this.#looks.add(link);
    }
  }

  async #inspect(path: string): Promise<void> {
    try {
      await (path === '' ? this.#inspectRoot() : this.#inspectEntry(path));
    } catch (error) {
      this.#options.onError?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #inspectRoot(): Promise<void> {
    const sighting = await lookAtRoot(this.#root);
    if (this.#closed) return;
    const present = sighting.kind === 'directory';
    this.#pulse.next(present);
    if (!present) return this.#leave('');
    this.#realRoot = sighting.real;
    await this.#enter('', sighting);
  }

  #onPulse(): void {
    this.#looks.add('');
    if (this.#deaf || this.#hints > HINTS_PER_PULSE) {
      for (const path of this.#directories.paths) {
        this.#unread.add(path);
        this.#looks.add(path);
      }
    }
    this.#hints = 0;
  }

  async #inspectEntry(path: string): Promise<void> {
    const parent = this.#directories.get(parentOf(path));
    // What is known below a folder that is watched no more has left with it.
    if (!parent && !this.#starting) return this.#tracker.absent(path);
    const directory = parent?.real ?? join(this.#realRoot, parentOf(path));
    const sighting = await look(this.#realRoot, directory, nameOf(path), this.#isIgnored);
    if (this.#closed) return;
    if (sighting.kind !== 'directory') this.#leave(path);
    if (sighting.kind !== 'file') this.#tracker.absent(path);
    if (sighting.kind === 'directory') await this.#enter(path, sighting);
    if (sighting.kind === 'file') {
      if (sighting.target !== undefined) this.#links.add(sighting.target, path);
      await this.#tracker.present(path, sighting);
    }
  }

  async #enter(path: string, { stamp, real, target }: Found): Promise<void> {
    if (this.#directories.isLoop(path, stamp.identity)) return this.#leave(path);
    const known = this.#directories.get(path);
    const dead = this.#dead.delete(path);
    if (dead || known?.identity !== stamp.identity || known.real !== real) {
      const linked = target !== undefined;
      const armed = await this.#directories.arm(path, stamp.identity, real, linked);
      if (this.#closed || !this.#directories.has(path)) return;
      this.#deaf ||= !armed;
      this.#unread.add(path);
    }
    if (this.#unread.delete(path)) await this.#read(path, real);
  }

  /** Looks at each entry of a folder, and at each that was known and is not there. */
  async #read(directory: string, real: string): Promise<void> {
    const names = await readdir(real).catch(() => undefined);
    if (names === undefined) this.#directories.disarm(directory);
    const entries = new Set(names?.map((name) => entryOf(directory, name)));
    for (const path of entries) if (!this.#isIgnored(path)) this.#looks.add(path);
    if (this.#starting) return;
    for (const path of [...this.#tracker.below(directory), ...this.#directories.paths]) {
      if (isBelow(directory, path) && !entries.has(entryTowards(directory, path))) {
        this.#looks.add(path);
      }
    }
  }

  #leave(path: string): void {
    if (!this.#directories.has(path)) return;
    this.#directories.disarm(path);
    for (const each of this.#tracker.below(path)) this.#looks.add(each);
  }
}
