import { type DirectoryHints, type HintListener, watchDirectory } from './directory-hints.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { entryOf, isBelow, parentOf } from './relative-path.ts';
import { Unwatched } from './unwatched.ts';

interface Place {
  readonly identity: string;
  readonly real: string;
  readonly linked: boolean;
}

interface Directory extends Place {
  readonly hints: DirectoryHints;
}

export interface DirectoryListener {
  /** Something may have happened to the entry of this name. */
  onEntry(folder: string, name: string): void;
  onError(error: Error): void;
}

// Folders that link to each other make n! paths; nobody nests links deeper than this on purpose.
const LINKS_IN_A_PATH = 2;

/** The watched folders, by path below the root ('' is the root). */
export class Directories {
  readonly #looks: KeyedQueue;
  readonly #poll: number | undefined;
  readonly #listener: DirectoryListener;
  readonly #unwatched = new Unwatched({
    look: (path, again) => (again ? this.#renew(path) : this.reread(path)),
    settled: () => this.#looks.settled(),
  });
  readonly #directories = new Map<string, Directory>();
  /** Folders whose watch is not to be trusted, and that are to be listed again. */
  readonly #dead = new Set<string>();
  /** Folders that may have been away, and so may all below them: another was in their place. */
  readonly #moved = new Set<string>();
  readonly #unread = new Set<string>();
  readonly #closing = new Set<Promise<void>>();

  /**
   * @param looks where a folder is put that is to be looked at, and then entered
   * @param poll milliseconds between two looks; undefined to be told by the system
   */
  constructor(looks: KeyedQueue, poll: number | undefined, listener: DirectoryListener) {
    this.#looks = looks;
    this.#poll = poll;
    this.#listener = listener;
  }

  get size(): number {
    return this.#directories.size;
  }

  /** How many of them could not be watched, and are only looked at. */
  get unwatched(): number {
    return this.#unwatched.size;
  }

  /** The watched folders below a folder. */
  below(path: string): string[] {
    return [...this.#directories.keys()].filter((each) => isBelow(path, each));
  }

  has(path: string): boolean {
    return this.#directories.has(path);
  }

  get(path: string): { readonly identity: string; readonly real: string } | undefined {
    return this.#directories.get(path);
  }

  /** Whether a folder found at this path is one of those that lead to it, or too deep in links. */
  isLoop(path: string, { identity, linked }: Place): boolean {
    let links = 0;
    for (let above = path; above !== ''; ) {
      above = parentOf(above);
      const directory = this.#directories.get(above);
      // Without a link in between, what is known of the folder above is from before a move.
      if (directory?.identity === identity && (linked || links > 0)) return true;
      if (directory?.linked) links++;
    }
    return linked && links >= LINKS_IN_A_PATH;
  }

  /** Has a folder listed again. */
  reread(path: string): void {
    this.#unread.add(path);
    this.#looks.add(path);
  }

  /** Has a folder and all below it listed again. */
  rereadAll(path: string): void {
    for (const each of [path, ...this.below(path)]) this.reread(each);
  }

  /** Watches a folder if it is not watched yet. @returns whether it is to be listed */
  async enter(path: string, place: Place): Promise<boolean> {
    const known = this.#directories.get(path);
    const hasMoved = this.#moved.delete(path);
    const isDead = this.#dead.delete(path) || hasMoved;
    if (isDead || known?.identity !== place.identity || known.real !== place.real) {
      this.#release(path);
      const hints = watchDirectory(place.real, this.#listen(path), this.#poll);
      this.#directories.set(path, { ...place, hints });
      const isArmed = await hints.armed;
      if (!this.#directories.has(path)) return false;
      if (isArmed) this.#unwatched.delete(path);
      else this.#unwatched.add(path);
      this.#unread.add(path);
      for (const each of known ? this.below(path) : []) {
        // A watch that was set while it was elsewhere is on what was in its place, and tells nothing of
        // it. One level after the other: what happens to a folder is told by the watch above it.
        if (hasMoved && parentOf(each) === path) this.#moved.add(each);
        // In that moment folders far below it were taken for gone.
        this.reread(each);
      }
    }
    return this.#unread.delete(path);
  }

  /** The folder could not be listed: it is looked at again. */
  miss(path: string): void {
    if (this.#directories.has(path)) this.#unwatched.add(path);
  }

  /** Looks at the folders that could not be watched, and tries again. */
  lookAgain(): Promise<void> {
    return this.#unwatched.poll();
  }

  /** Forgets a folder and all below it. */
  disarm(path: string): void {
    for (const each of [path, ...this.below(path)]) this.#release(each);
  }

  async close(): Promise<void> {
    this.disarm('');
    await Promise.all(this.#closing);
  }

  #listen(path: string): HintListener {
    return {
      onEntry: (name, isMove) => {
        const entry = entryOf(path, name);
        if (isMove && this.#directories.has(entry)) this.#moved.add(entry);
        this.#listener.onEntry(path, name);
      },
      onDirectory: (isMove) => {
        if (isMove) this.#moved.add(path);
        this.#renew(path);
      },
      onError: (error) => this.#listener.onError(error),
    };
  }

  /** The watch of a folder has gone, or may have: it is set anew. */
  #renew(path: string): void {
    this.#dead.add(path);
    this.#looks.add(path);
  }

  #release(path: string): void {
    this.#dead.delete(path);
    this.#moved.delete(path);
    this.#unread.delete(path);
    const directory = this.#directories.get(path);
    if (!directory) return;
    this.#directories.delete(path);
    this.#unwatched.delete(path);
    const closing = directory.hints.close().catch(() => undefined);
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}
