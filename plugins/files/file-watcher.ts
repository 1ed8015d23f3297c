import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_AT_ONCE, Census, SOME_AT_ONCE } from './census.ts';
import { Directories } from './directories.ts';
import { ErrorReports } from './error-reports.ts';
import type { FileWatcherPorts, WatchTimes } from './file-watcher-ports.ts';
import { Hints } from './hints.ts';
import { GITIGNORE, type Ignores } from './ignores.ts';
import { inSlices } from './in-slices.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { isPassing, type LimitCode } from './limits.ts';
import { ABSENT, type Found, isGone, look, lookAtRoot } from './look.ts';
import { Pulse } from './pulse.ts';
import { entryOf, entryTowards, parentOf } from './relative-path.ts';
import { Revisits } from './revisits.ts';
import { RuleChanges } from './rule-changes.ts';
import { Tracker } from './tracker.ts';

const LOOKS_AT_ONCE = 16;
const READS_AT_ONCE = 2;

/** Keeps hints, folders and files of one root together; see `watchFiles` for what it promises. */
export class FileWatcher {
  readonly ready: Promise<void>;
  readonly #root: string;
  #realRoot: string;
  readonly #ignores: Ignores;
  readonly #ports: FileWatcherPorts;
  readonly #errors: ErrorReports;
  readonly #looks = new KeyedQueue((path) => this.#inspect(path), LOOKS_AT_ONCE);
  readonly #reads = new KeyedQueue(
    (path) => this.#tracker.learn(path, join(this.#realRoot, path)),
    READS_AT_ONCE,
  );
  readonly #hints = new Hints(this.#looks);
  readonly #directories: Directories;
  readonly #tracker: Tracker;
  readonly #rules: RuleChanges;
  readonly #revisits = new Revisits(this.#looks);
  readonly #pulse = new Pulse(() => this.#onPulse());
  #starting = true;
  #closed: Promise<void> | undefined;

  constructor(root: string, ignores: Ignores, times: WatchTimes, ports: FileWatcherPorts) {
    this.#root = root;
    this.#realRoot = root;
    this.#ignores = ignores;
    this.#ports = ports;
    this.#errors = new ErrorReports(
      (error) => this.#closed || ports.onError(error),
      (code) => void this.#reportLimit(code),
    );
    this.#directories = new Directories(this.#looks, times.poll, {
      onEntry: (folder, name) => this.#onEntry(folder, name),
      onError: this.#errors.report,
    });
    const census = new Census(root, ignores, times.free ? SOME_AT_ONCE : ALL_AT_ONCE);
    this.#tracker = new Tracker(census, {
      announce: (...change) => this.#announce(...change),
      recheck: (path) => this.#looks.add(path),
      isGone: (path) => isGone(join(this.#realRoot, path)),
      settled: () => this.#looks.settled(),
    });
    this.#rules = new RuleChanges(root, ignores, this.#directories, this.#tracker, this.#looks);
    this.ready = this.#start(census, times.free);
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  async #start(census: Census, free: Promise<void> | undefined): Promise<void> {
    if (!census.isComplete) await free;
    await census.complete(() => this.#closed !== undefined);
    if (census.hasLosses && !this.#closed) this.#ports.onLoss();
    this.#looks.add('');
    await this.#looks.idle();
    await inSlices(census.rest(), (path) => this.#looks.add(path));
    await this.#looks.idle();
    this.#starting = false;
    this.#tracker.settle();
    await inSlices(this.#tracker.below(''), (path) => this.#reads.add(path));
    await this.#reads.idle();
    await this.#looks.idle();
  }

  async #stop(): Promise<void> {
    this.#pulse.stop();
    this.#tracker.close();
    await Promise.all([this.#looks.close(), this.#reads.close(), this.#directories.close()]);
  }

  async #reportLimit(code: LimitCode): Promise<void> {
    // Only then can be told how many folders there are.
    await this.#looks.settled();
    const { size: total, unwatched } = this.#directories;
    if (!this.#closed) this.#ports.onLimit({ code, total, watched: total - unwatched });
  }

  #onEntry(folder: string, name: string): void {
    this.#hints.count();
    const path = entryOf(folder, name);
    if (name === GITIGNORE) this.#directories.reread(folder);
    if (!this.#ignores.isIgnored(path)) this.#hints.add(path);
  }

  #announce(...change: Parameters<FileWatcherPorts['onChange']>): void {
    if (this.#closed) return;
    this.#ports.onChange(...change);
    for (const link of this.#revisits.linksTo(change[1], change[2])) this.#hints.add(link);
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
    if (this.#hints.takeFlood()) this.#directories.rereadAll('');
    if (this.#directories.unwatched === 0) this.#errors.reset();
    void this.#directories.lookAgain();
    this.#rules.refresh();
    this.#revisits.beat();
    this.#looks.add('');
  }

  async #inspectEntry(path: string): Promise<void> {
    const hinted = this.#hints.take(path);
    if (this.#ignores.isIgnored(path)) return this.#forget(path);
    const parent = this.#directories.get(parentOf(path));
    // What is known below a folder that is watched no more has left with it.
    const hasLeft = !parent && !this.#starting;
    const directory = parent?.real ?? join(this.#realRoot, parentOf(path));
    const sighting = hasLeft ? ABSENT : await look(this.#realRoot, directory, path, this.#ignores);
    if (this.#closed) return;
    if (sighting.kind === 'ignored') return this.#forget(path);
    this.#revisits.note(path, sighting);
    if (sighting.kind !== 'directory') this.#leave(path);
    if (sighting.kind !== 'file') this.#tracker.absent(path);
    if (sighting.kind === 'directory') await this.#enter(path, sighting);
    if (sighting.kind === 'file') await this.#present(path, sighting, hinted);
    // The folder has left or come anew meanwhile, when this was not known to be in it.
    if (this.#directories.get(parentOf(path)) !== parent) this.#looks.add(path);
  }

  async #present(path: string, found: Found, hinted: boolean): Promise<void> {
    if (this.#rules.adopt(path, found)) this.#reads.add(path);
    await this.#tracker.present(path, found, hinted);
  }

  /** Drops what is ignored now, without a word unless it has gone at the same time. */
  async #forget(path: string): Promise<void> {
    this.#leave(path);
    if (!this.#tracker.has(path)) return;
    if (await isGone(join(this.#realRoot, path))) this.#tracker.absent(path);
    else this.#tracker.forget(path);
  }

  async #enter(path: string, { stamp: { identity }, real, target }: Found): Promise<void> {
    const place = { identity, real, linked: target !== undefined };
    if (this.#directories.isLoop(path, place)) return this.#leave(path);
    this.#tracker.entered(path, identity);
    if (!(await this.#directories.enter(path, place)) || this.#closed) return;
    try {
      this.#take(path, await readdir(real));
    } catch (error) {
      if (!isPassing(error)) {
        this.#revisits.doubt(path);
        return this.#take(path, undefined);
      }
      this.#directories.miss(path);
      this.#errors.report(error);
    }
  }

  /** Looks at each entry of a folder, and at each that was known and is not there. */
  #take(directory: string, names: string[] | undefined): void {
    if (names === undefined) this.#directories.disarm(directory);
    const entries = new Set(names && this.#rules.entered(directory, names));
    for (const path of entries) this.#looks.add(path, directory);
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
