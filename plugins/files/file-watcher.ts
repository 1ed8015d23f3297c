import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { takeCensus } from './census.ts';
import type { Operation } from './change.ts';
import { Directories } from './directories.ts';
import type { HintListener } from './directory-hints.ts';
import { ErrorReports } from './error-reports.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { Links } from './links.ts';
import { isGone, look, lookAtRoot, type Sighting } from './look.ts';
import { Pulse } from './pulse.ts';
import { entryOf, entryTowards, nameOf, parentOf } from './relative-path.ts';
import { Tracker } from './tracker.ts';

/** What a file watcher asks and tells, in paths below the root with `/`. */
export interface FileWatcherPorts {
  isIgnored(path: string): boolean;
  /** Must not throw. */
  onChange(operation: Operation, path: string, from?: string): void;
  onError(error: Error): void;
}

type Found = Extract<Sighting, { real: string }>;

const LOOKS_AT_ONCE = 16;
const READS_AT_ONCE = 2;
// The kernel queues 16384 events by default and drops the rest without a word.
const HINTS_PER_PULSE = 4096;

/** Keeps hints, folders and files of one root together; see `watchFiles` for what it promises. */
export class FileWatcher {
  readonly ready: Promise<void>;
  readonly #root: string;
  #realRoot: string;
  readonly #ports: FileWatcherPorts;
  readonly #errors: ErrorReports;
  readonly #looks = new KeyedQueue((path) => this.#inspect(path), LOOKS_AT_ONCE);
  readonly #reads = new KeyedQueue(
    (path) => this.#tracker.learn(path, join(this.#realRoot, path)),
    READS_AT_ONCE,
  );
  readonly #directories = new Directories((path) => this.#listen(path));
  readonly #tracker: Tracker;
  /** Folders whose watch is not to be trusted, could not be set, and that are to be listed again. */
  readonly #dead = new Set<string>();
  readonly #deaf = new Set<string>();
  readonly #unread = new Set<string>();
  readonly #hinted = new Set<string>();
  readonly #links = new Links();
  readonly #pulse = new Pulse(() => this.#onPulse());
  #hints = 0;
  #starting = true;
  #closed: Promise<void> | undefined;

  constructor(root: string, ports: FileWatcherPorts) {
    this.#root = root;
    this.#realRoot = root;
    this.#ports = ports;
    this.#errors = new ErrorReports((error) => this.#closed || ports.onError(error));
    const census = takeCensus(root, ports.isIgnored);
    this.#tracker = new Tracker(census, {
      announce: (operation, path, from) => this.#announce(operation, path, from),
      recheck: (path) => this.#looks.add(path),
      isGone: (path) => isGone(join(this.#realRoot, path)),
      settled: () => this.#looks.settled(),
    });
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

  #listen(directory: string): HintListener {
    return {
      onEntry: (name) => {
        this.#hints++;
        const path = entryOf(directory, name);
        if (!this.#ports.isIgnored(path)) this.#hint(path);
      },
      onDirectory: () => {
        this.#dead.add(directory);
        this.#looks.add(directory);
      },
      onError: this.#errors.report,
    };
  }

  #hint(path: string): void {
    this.#hinted.add(path);
    this.#looks.add(path);
  }

  #announce(operation: Operation, path: string, from?: string): void {
    if (this.#closed) return;
    this.#ports.onChange(operation, path, from);
    for (const link of this.#links.to(path)) this.#hint(link);
  }

  #inspect(path: string): Promise<void> {
    return (path ? this.#inspectEntry(path) : this.#inspectRoot()).catch(this.#errors.report);
  }

  async #inspectRoot(): Promise<void> {
    const sighting = await lookAtRoot(this.#root);
    if (this.#closed) return;
    this.#pulse.next(sighting.kind === 'directory');
    if (sighting.kind !== 'directory') return this.#leave('');
    this.#realRoot = sighting.real;
    await this.#enter('', sighting);
  }

  #onPulse(): void {
    const suspects = this.#hints > HINTS_PER_PULSE ? ['', ...this.#directories.below('')] : [];
    for (const path of suspects) this.#reread(path);
    for (const path of this.#deaf) {
      this.#dead.add(path);
      this.#reread(path);
    }
    if (this.#deaf.size === 0) this.#errors.reset();
    this.#deaf.clear();
    this.#hints = 0;
    this.#looks.add('');
  }

  #reread(path: string): void {
    this.#unread.add(path);
    this.#looks.add(path);
  }

  async #inspectEntry(path: string): Promise<void> {
    const hinted = this.#hinted.delete(path);
    // Nothing to wait for: thousands in a row would hold up the event loop.
    if (!this.#directories.has(parentOf(path))) await nextTurn();
    const parent = this.#directories.get(parentOf(path));
    // What is known below a folder that is watched no more has left with it.
    if (!parent && !this.#starting) return this.#tracker.absent(path);
    const directory = parent?.real ?? join(this.#realRoot, parentOf(path));
    const sighting = await look(this.#realRoot, directory, nameOf(path), this.#ports.isIgnored);
    if (this.#closed) return;
    if (sighting.kind !== 'directory') this.#leave(path);
    if (sighting.kind !== 'file') this.#tracker.absent(path);
    if (sighting.kind === 'directory') await this.#enter(path, sighting);
    if (sighting.kind === 'file') {
      if (sighting.target !== undefined) this.#links.add(sighting.target, path);
      await this.#tracker.present(path, sighting, hinted);
    }
  }

  async #enter(path: string, { stamp, real, target }: Found): Promise<void> {
    if (this.#directories.isLoop(path, stamp.identity, target !== undefined))
      return this.#leave(path);
    const known = this.#directories.get(path);
    const dead = this.#dead.delete(path);
    if (dead || known?.identity !== stamp.identity || known.real !== real) {
      const linked = target !== undefined;
      const armed = await this.#directories.arm(path, stamp.identity, real, linked);
      if (this.#closed || !this.#directories.has(path)) return;
      if (!armed) this.#deaf.add(path);
      this.#unread.add(path);
    }
    if (this.#unread.delete(path)) await this.#read(path, real);
  }

  /** Looks at each entry of a folder, and at each that was known and is not there. */
  async #read(directory: string, real: string): Promise<void> {
    const names = await readdir(real).catch(() => undefined);
    if (names === undefined) this.#directories.disarm(directory);
    const entries = new Set(names?.map((name) => entryOf(directory, name)));
    for (const path of entries) if (!this.#ports.isIgnored(path)) this.#looks.add(path, directory);
    if (this.#starting) return;
    for (const path of [...this.#tracker.below(directory), ...this.#directories.below(directory)])
      if (!entries.has(entryTowards(directory, path))) this.#looks.add(path);
  }

  #leave(path: string): void {
    if (!this.#directories.has(path)) return;
    this.#directories.disarm(path);
    for (const each of this.#tracker.below(path)) this.#looks.add(each);
  }
}
