import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Change } from '../../../plugins/files/change.ts';

const soon = { timeout: 30_000, interval: 20 };

/**
 * What a client knows that has seen a folder once, and since then only what it was told. A change
 * that cannot follow from those before it is a fault.
 */
export class Mirror {
  readonly faults: string[] = [];
  /** All that it was told, as "operation path" or "rename from path". */
  readonly told: string[] = [];
  readonly #root: string;
  readonly #paths: Set<string>;
  readonly #mentioned = new Set<string>();

  constructor(root: string) {
    this.#root = root;
    this.#paths = new Set(filesIn(root));
  }

  take({ operation, path: url, from: fromUrl }: Change): void {
    const [path, from] = [pathOf(url), fromUrl === undefined ? undefined : pathOf(fromUrl)];
    this.told.push([operation, from, path].filter((part) => part !== undefined).join(' '));
    const isNew = operation === 'create' || operation === 'rename';
    // A watcher that has just started may not have come to a file before its first change.
    const isEarly = operation === 'create' && !this.#mentioned.has(path);
    this.#mentioned.add(path);
    if (
      (this.#paths.has(path) === isNew && !isEarly) ||
      (from !== undefined && !this.#paths.has(from))
    ) {
      this.faults.push(`${this.told.at(-1)} (number ${this.told.length})`);
    }
    if (from !== undefined) this.#paths.delete(from);
    if (operation === 'remove') this.#paths.delete(path);
    else this.#paths.add(path);
  }

  /** Where it is not what the disk holds. */
  differences(): string[] {
    const disk = new Set(filesIn(this.#root));
    return [
      ...[...this.#paths].filter((path) => !disk.has(path)).map((path) => `${path} has gone`),
      ...[...disk].filter((path) => !this.#paths.has(path)).map((path) => `${path} is not known`),
    ];
  }

  /**
   * Every name on the disk was told, and what is in each file is known and watched: the same bytes
   * once more are no news, other bytes are.
   */
  async expectExact(): Promise<void> {
    await expect.poll(() => this.differences(), soon).toEqual([]);
    // What is told wrongly after it was right is told before this.
    await this.expectMark();
    const paths = filesIn(this.#root).toSorted();
    const start = this.told.length;
    for (const path of paths) writeFileSync(this.#at(path), readFileSync(this.#at(path)));
    await this.expectMark();
    const isOurs = (change: string) => !change.endsWith(MARK);
    expect(this.told.slice(start).filter(isOurs)).toEqual([]);
    for (const path of paths) writeFileSync(this.#at(path), `anew: ${path}`);
    const news = () => this.told.slice(start).filter(isOurs).toSorted();
    await expect.poll(news, soon).toEqual(paths.map((path) => `write ${path}`));
    await this.expectMark();
    expect(news()).toEqual(paths.map((path) => `write ${path}`));
    expect({ faults: this.faults, differences: this.differences() }).toEqual({
      faults: [],
      differences: [],
    });
  }

  /** What is made after all else, and told as late as can be since it is empty, is told last. */
  async expectMark(): Promise<void> {
    const start = this.told.length;
    writeFileSync(this.#at(MARK), '');
    const marks = () => this.told.slice(start).filter((change) => change.endsWith(MARK));
    await expect.poll(() => marks().length, soon).toBe(1);
    rmSync(this.#at(MARK));
    await expect.poll(() => marks().length, soon).toBe(2);
  }

  #at(path: string): string {
    return join(this.#root, path);
  }
}

const MARK = 'zz-mark.txt';

const pathOf = (url: string) => decodeURIComponent(url).slice(1);

function filesIn(root: string): string[] {
  const files: string[] = [];
  const folders = [''];
  for (const folder of folders) {
    for (const entry of listing(join(root, folder))) {
      const path = join(folder, entry.name);
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) files.push(path);
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
