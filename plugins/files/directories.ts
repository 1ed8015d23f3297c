import { type DirectoryHints, type HintListener, watchDirectory } from './directory-hints.ts';
import { isBelow, parentOf } from './relative-path.ts';

interface Directory {
  readonly identity: string;
  readonly real: string;
  readonly linked: boolean;
  readonly hints: DirectoryHints;
}

// Folders that link to each other make n! paths; nobody nests links deeper than this on purpose.
const LINKS_IN_A_PATH = 2;

/** The watched folders, by path below the root ('' is the root). */
export class Directories {
  readonly #listen: (path: string) => HintListener;
  readonly #directories = new Map<string, Directory>();
  readonly #closing = new Set<Promise<void>>();

  constructor(listen: (path: string) => HintListener) {
    this.#listen = listen;
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
  isLoop(path: string, identity: string, linked: boolean): boolean {
    let links = 0;
    for (let above = path; above !== ''; ) {
      above = parentOf(above);
      const directory = this.#directories.get(above);
      if (directory?.identity === identity) return true;
      if (directory?.linked) links++;
    }
    return linked && links >= LINKS_IN_A_PATH;
  }

  /** Watches a folder, in place of what was watched at this path; false when that failed. */
  arm(path: string, identity: string, real: string, linked: boolean): Promise<boolean> {
    this.#release(path);
    const hints = watchDirectory(real, this.#listen(path));
    this.#directories.set(path, { identity, real, linked, hints });
    return hints.armed;
  }

  /** Forgets a folder and all below it. */
  disarm(path: string): void {
    for (const each of [path, ...this.below(path)]) this.#release(each);
  }

  async close(): Promise<void> {
    this.disarm('');
    await Promise.all(this.#closing);
  }

  #release(path: string): void {
    const directory = this.#directories.get(path);
    if (!directory) return;
    this.#directories.delete(path);
    const closing = directory.hints.close().catch(() => undefined);
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}
