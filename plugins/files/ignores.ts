import { join } from 'node:path';
import { type AccessRules, mayLeadTo } from './access.ts';
import { addRules, type GitRules, ignoresAll, ignoringRule, noRules } from './gitignore.ts';
import { compileGlobs, type Globs } from './globs.ts';
import { defaultReason } from './ignore.ts';
import { entryOf, nameOf, parentOf } from './relative-path.ts';
import { type OuterRules, outerRules, textOf } from './repository.ts';
import type { WatchSettings } from './watch-settings.ts';

type Rules = 'ignore' | 'gitignore' | keyof AccessRules;

export interface IgnoreOptions extends Partial<Pick<WatchSettings, Rules>> {
  /** Whether a path below the root is left out beside all others. */
  readonly ignored?: ((path: string) => boolean) | undefined;
  /** Folders below the root that are watched whatever holds for them and for those above. */
  readonly kept?: readonly string[] | undefined;
  /** Called once for each path that is left out. */
  readonly onIgnored?: ((path: string, reason: string) => void) | undefined;
}

/** Whether an entry is left out; of one whose kind is not known yet, by its name alone. */
export type IsIgnored = (path: string, isDirectory?: boolean) => boolean;

interface Folder {
  /** Why it is not watched. */
  readonly reason: string | undefined;
  readonly rules: GitRules;
}

export const GITIGNORE = '.gitignore';

/** Decides what is not watched; keeps a decision per folder, and the ignore files it has read. */
export class Ignores {
  readonly #root: string;
  readonly #globs: Globs;
  readonly #options: IgnoreOptions;
  readonly #kept: ReadonlySet<string>;
  /** The kept folders and those that lead there. */
  readonly #passage = new Set<string>();
  readonly #told = new Set<string>();
  #outer: OuterRules = { rules: noRules, version: '' };
  /** By folder: the text of its ignore file, once looked for. */
  #texts = new Map<string, string | undefined>();
  #folders = new Map<string, Folder>();

  /** @throws InvalidOptionError */
  constructor(root: string, options: IgnoreOptions = {}) {
    this.#root = root;
    this.#options = options;
    this.#globs = compileGlobs('ignore', options.ignore ?? []);
    this.#kept = new Set(options.kept);
    for (const kept of this.#kept) {
      for (let each = kept; each !== ''; each = parentOf(each)) this.#passage.add(each);
    }
    if (this.#followsGit) this.#outer = outerRules(root);
  }

  readonly isIgnored: IsIgnored = (path, isDirectory) => {
    const reason = this.reasonOf(path, isDirectory);
    if (reason === undefined) return false;
    if (this.#options.onIgnored && !this.#told.has(path)) {
      this.#told.add(path);
      this.#options.onIgnored(path, reason);
    }
    return true;
  };

  /** Whether a link is followed to this real path, which lies outside of the root. */
  leadsTo(real: string): boolean {
    return mayLeadTo(real, this.#options);
  }

  /** Why an entry below the root is left out; undefined if it is watched. */
  reasonOf(path: string, isDirectory?: boolean): string | undefined {
    if (path === '' || this.#passage.has(path)) return undefined;
    const folder = this.#folder(parentOf(path));
    return folder.reason ?? this.#reasonIn(folder, path, isDirectory);
  }

  /**
   * Takes in the ignore file of a folder that was just listed.
   * @returns what was ignored before, if that is not the same now
   */
  enter(folder: string, names: readonly string[]): IsIgnored | undefined {
    if (!this.#followsGit) return undefined;
    const text = names.includes(GITIGNORE) ? this.#read(folder) : undefined;
    const isNews = this.#texts.has(folder) && this.#texts.get(folder) !== text;
    const former = isNews ? this.#former() : undefined;
    this.#texts.set(folder, text);
    return former;
  }

  /** Looks at the ignore files above the root again. @returns as `enter` does */
  refresh(): IsIgnored | undefined {
    if (!this.#followsGit) return undefined;
    const outer = outerRules(this.#root);
    if (outer.version === this.#outer.version) return undefined;
    const former = this.#former();
    this.#outer = outer;
    return former;
  }

  get #followsGit(): boolean {
    return this.#options.gitignore ?? true;
  }

  /** Puts the decisions so far into a function, and begins anew. */
  #former(): IsIgnored {
    const former = new Ignores(this.#root, { ...this.#options, gitignore: false });
    former.#outer = this.#outer;
    former.#texts = this.#texts;
    former.#folders = this.#folders;
    this.#texts = new Map(this.#texts);
    this.#folders = new Map();
    return (path, isDirectory) => former.reasonOf(path, isDirectory) !== undefined;
  }

  #read(folder: string): string | undefined {
    return textOf(join(this.#root, folder, GITIGNORE));
  }

  #textOf(folder: string): string | undefined {
    if (!this.#texts.has(folder) && this.#followsGit) this.#texts.set(folder, this.#read(folder));
    return this.#texts.get(folder);
  }

  #folder(path: string): Folder {
    const known = this.#folders.get(path);
    if (known) return known;
    const folder = this.#decide(path);
    this.#folders.set(path, folder);
    return folder;
  }

  #decide(path: string): Folder {
    const above = path === '' ? undefined : this.#folder(parentOf(path));
    const reason = above && (above.reason ?? this.#reasonIn(above, path, true));
    const isStart = path === '' || this.#kept.has(path);
    if (reason !== undefined && !isStart) return { reason, rules: noRules };
    // What ignores a folder that was asked for does not ignore all that is in it.
    const inherited = reason === undefined ? (above?.rules ?? this.#outer.rules) : noRules;
    const text = this.#textOf(path);
    if (text === undefined || (isStart && ignoresAll(text)))
      return { reason: undefined, rules: inherited };
    const { prefix } = inherited;
    const folder = path === '' ? prefix : entryOf(prefix, path);
    const rules = addRules(inherited, folder, text, entryOf(path, GITIGNORE));
    return { reason: undefined, rules };
  }

  #reasonIn(folder: Folder, path: string, isDirectory: boolean | undefined): string | undefined {
    const reason = defaultReason(nameOf(path), !path.includes('/'), this.#options);
    if (reason !== undefined) return reason;
    if (this.#options.ignored?.(path)) return 'left to another watch or to the app';
    if (isDirectory === undefined) return undefined;
    const glob = this.#globs.entry(path, isDirectory);
    if (glob !== undefined) return `--ignore ${glob}`;
    const rule = ignoringRule(folder.rules, path, isDirectory);
    return rule === undefined ? undefined : `gitignore ${rule}`;
  }
}
