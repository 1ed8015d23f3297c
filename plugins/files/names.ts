import { entryOf, isBelow, nameOf, parentOf } from './relative-path.ts';

/** What stands in a folder. */
export interface Folder {
  /** As in `Stamp`; undefined where it could not be told. */
  readonly identity: string | undefined;
  /** Files that nobody has seen or missed since. */
  readonly files: Set<string>;
  /** What there may be files below: folders, and links to whatever. */
  readonly others: ReadonlySet<string>;
}

/** The names that stood in each folder of a tree at one moment. */
export class Names {
  readonly #folders = new Map<string, Folder>();
  readonly #replaced = new Set<string>();

  /** Takes in a folder ('' is the root) with all that is in it. */
  add(path: string, folder: Folder): void {
    this.#folders.set(path, folder);
  }

  /** Takes note of which folder stands at a path now. */
  enter(path: string, identity: string): void {
    const former = this.#folders.get(path)?.identity;
    if (former !== undefined && former !== identity) this.#replaced.add(path);
  }

  /** Whether a folder that the path goes through is another one by now. */
  isReplaced(path: string): boolean {
    return [...this.#replaced].some((folder) => isBelow(folder, path));
  }

  /** Crosses off a file. @returns whether it was there, and not crossed off yet */
  take(path: string): boolean {
    return this.#folders.get(parentOf(path))?.files.delete(nameOf(path)) ?? false;
  }

  /** Whether it is known what was at a path: a file that is not named was not there. */
  covers(path: string): boolean {
    let folder = '';
    for (const name of path.split('/')) {
      const listed = this.#folders.get(folder);
      if (listed === undefined) return false;
      if (!listed.others.has(name)) return true;
      folder = entryOf(folder, name);
    }
    return false;
  }

  /** The files that are not crossed off. */
  *rest(): Iterable<string> {
    for (const [folder, { files }] of this.#folders) {
      for (const name of files) yield entryOf(folder, name);
    }
  }
}
