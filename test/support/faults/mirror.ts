import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../../plugins/files/change.ts';

/** The text of each file, by path below the root; undefined where there was none to read. */
type Files = Map<string, string | undefined>;

/**
 * What a client knows that has seen a folder once, and since then has read only what it was told
 * of. A change that cannot follow from those before it is a fault.
 */
export class Mirror {
  readonly faults: string[] = [];
  /** All that it was told, as "operation path" or "rename from path". */
  readonly told: string[] = [];
  readonly #root: string;
  readonly #files: Files;

  constructor(root: string) {
    this.#root = root;
    this.#files = filesIn(root);
  }

  get size(): number {
    return this.#files.size;
  }

  take({ operation, path: url, from: fromUrl }: Change): void {
    const [path, from] = [pathOf(url), fromUrl === undefined ? undefined : pathOf(fromUrl)];
    this.told.push([operation, from, path].filter((part) => part !== undefined).join(' '));
    const isKnown = this.#files.has(path);
    const isLegal = operation === 'create' || operation === 'rename' ? !isKnown : isKnown;
    if (!isLegal || (from !== undefined && !this.#files.has(from))) {
      this.faults.push(`${this.told.at(-1)} (number ${this.told.length})`);
    }
    if (operation === 'remove') this.#files.delete(path);
    if (operation === 'create' || operation === 'write') this.#read(path);
    if (operation === 'rename' && from !== undefined) {
      const text = this.#files.get(from);
      this.#files.delete(from);
      if (text === undefined) this.#read(path);
      else this.#files.set(path, text);
    }
  }

  /** Where it is not what the disk holds. */
  differences(): string[] {
    const disk = filesIn(this.#root);
    const paths = new Set([...disk.keys(), ...this.#files.keys()]);
    return [...paths].flatMap((path) => {
      if (!disk.has(path)) return [`${path} has gone`];
      if (!this.#files.has(path)) return [`${path} is not known`];
      const [known, actual] = [this.#files.get(path), disk.get(path)];
      // A file that was away at the moment of the reading, and came back as it was, is no news.
      return known === undefined || known === actual ? [] : [`${path} is ${actual}, not ${known}`];
    });
  }

  #read(path: string): void {
    this.#files.set(path, textOf(join(this.#root, path)));
  }
}

const pathOf = (url: string) => decodeURIComponent(url).slice(1);

function filesIn(root: string): Files {
  const files: Files = new Map();
  const folders = [''];
  for (const folder of folders) {
    for (const entry of listing(join(root, folder))) {
      const path = join(folder, entry.name);
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) files.set(path, textOf(join(root, path)));
    }
  }
  return files;
}

function listing(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
