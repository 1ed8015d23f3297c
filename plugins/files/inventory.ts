import type { Fingerprint } from './fingerprint.ts';
import { parentOf } from './relative-path.ts';

/** The files as last announced, by path below the root, and by identity to find moved ones. */
export class Inventory {
  readonly #files = new Map<string, Fingerprint>();
  readonly #paths = new Map<string, Set<string>>();
  /** What is known in each folder, files and folders, so that one is listed without the rest. */
  readonly #entries = new Map<string, Set<string>>();

  get(path: string): Fingerprint | undefined {
    return this.#files.get(path);
  }

  set(path: string, fingerprint: Fingerprint): void {
    const isKnown = this.#files.get(path)?.identity === fingerprint.identity;
    if (!isKnown) this.delete(path);
    this.#files.set(path, fingerprint);
    if (isKnown) return;
    const paths = this.#paths.get(fingerprint.identity);
    if (paths) paths.add(path);
    else this.#paths.set(fingerprint.identity, new Set([path]));
    this.#enter(path);
  }

  delete(path: string): void {
    const fingerprint = this.#files.get(path);
    if (!fingerprint) return;
    this.#files.delete(path);
    const paths = this.#paths.get(fingerprint.identity);
    paths?.delete(path);
    if (paths?.size === 0) this.#paths.delete(fingerprint.identity);
    this.#leave(path);
  }

  /** The known names of one file; a copy, so that it may be walked across awaits. */
  pathsOf(identity: string): string[] {
    return [...(this.#paths.get(identity) ?? [])];
  }

  /** All known files below a folder ('' is the root). */
  below(directory: string): string[] {
    const files: string[] = [];
    const folders = [directory];
    for (const folder of folders) {
      for (const path of this.#entries.get(folder) ?? []) {
        // A file that becomes a folder is both for a while.
        if (this.#files.has(path)) files.push(path);
        if (this.#entries.has(path)) folders.push(path);
      }
    }
    return files;
  }

  #enter(path: string): void {
    for (let each = path; each !== ''; each = parentOf(each)) {
      const entries = this.#entries.get(parentOf(each));
      if (entries) return void entries.add(each);
      this.#entries.set(parentOf(each), new Set([each]));
    }
  }

  #leave(path: string): void {
    for (let each = path; each !== '' && !this.#isKnown(each); each = parentOf(each)) {
      const entries = this.#entries.get(parentOf(each));
      entries?.delete(each);
      if (entries?.size === 0) this.#entries.delete(parentOf(each));
    }
  }

  #isKnown(path: string): boolean {
    return this.#files.has(path) || this.#entries.has(path);
  }
}
