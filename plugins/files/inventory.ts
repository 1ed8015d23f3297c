import type { Fingerprint } from './fingerprint.ts';
import { isBelow } from './relative-path.ts';

/** The files as last announced, by path below the root, and by identity to find moved ones. */
export class Inventory {
  readonly #files = new Map<string, Fingerprint>();
  readonly #paths = new Map<string, Set<string>>();

  get(path: string): Fingerprint | undefined {
    return this.#files.get(path);
  }

  set(path: string, fingerprint: Fingerprint): void {
    this.delete(path);
    this.#files.set(path, fingerprint);
    const paths = this.#paths.get(fingerprint.identity);
    if (paths) paths.add(path);
    else this.#paths.set(fingerprint.identity, new Set([path]));
  }

  delete(path: string): void {
    const fingerprint = this.#files.get(path);
    if (!fingerprint) return;
    this.#files.delete(path);
    const paths = this.#paths.get(fingerprint.identity);
    paths?.delete(path);
    if (paths?.size === 0) this.#paths.delete(fingerprint.identity);
  }

  /** The known names of one file; a copy, so that it may be walked across awaits. */
  pathsOf(identity: string): string[] {
    return [...(this.#paths.get(identity) ?? [])];
  }

  /** All known files below a folder ('' is the root). */
  below(directory: string): string[] {
    return [...this.#files.keys()].filter((path) => isBelow(directory, path));
  }
}
