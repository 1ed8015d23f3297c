import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Directories } from './directories.ts';
import { nowNs } from './fingerprint.ts';
import { GITIGNORE, type Ignores, type IsIgnored } from './ignores.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { Found } from './look.ts';
import { entryOf } from './relative-path.ts';
import type { Tracker } from './tracker.ts';

interface Layer {
  readonly hid: IsIgnored;
  readonly changedNs: bigint;
}

/** Lets ignore files that change take effect; an older file that comes to light is no news. */
export class RuleChanges {
  readonly #root: string;
  readonly #ignores: Ignores;
  readonly #directories: Directories;
  readonly #tracker: Tracker;
  readonly #looks: KeyedQueue;
  readonly #layers = new Set<Layer>();

  constructor(
    root: string,
    ignores: Ignores,
    directories: Directories,
    tracker: Tracker,
    looks: KeyedQueue,
  ) {
    this.#root = root;
    this.#ignores = ignores;
    this.#directories = directories;
    this.#tracker = tracker;
    this.#looks = looks;
  }

  /** A folder was listed. @returns the paths of what is to be looked at */
  entered(folder: string, names: readonly string[]): string[] {
    const hid = this.#ignores.enter(folder, names);
    if (hid) this.#apply(folder, { hid, changedNs: this.#changedNs(folder) });
    const paths = names.map((name) => entryOf(folder, name));
    return paths.filter((path) => !this.#ignores.isIgnored(path));
  }

  /** Time has passed, in which an ignore file above the root may have changed. */
  refresh(): void {
    const hid = this.#ignores.refresh();
    if (hid) this.#apply('', { hid, changedNs: nowNs() });
  }

  /** Takes in a file that was there before, and ignored. @returns whether it is one */
  adopt(path: string, found: Found): boolean {
    for (const layer of this.#layers) {
      if (found.changedNs >= layer.changedNs || !layer.hid(path, false)) continue;
      this.#tracker.adopt(path, found);
      return true;
    }
    return false;
  }

  #changedNs(folder: string): bigint {
    const path = join(this.#root, folder, GITIGNORE);
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ctimeNs ?? nowNs();
  }

  #apply(folder: string, layer: Layer): void {
    this.#directories.rereadAll(folder);
    for (const path of this.#tracker.below(folder)) {
      if (this.#ignores.isIgnored(path, false)) this.#looks.add(path);
    }
    this.#layers.add(layer);
    void this.#looks.settled().then(() => this.#layers.delete(layer));
  }
}
