import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { contentOf } from './content-of.ts';
import { addRules, type GitRules, ignoringRule, noRules } from './gitignore.ts';

/** The text of a small file, or nothing where there is none that can be read. */
export function textOf(path: string): string | undefined {
  return contentOf(path)?.toString();
}

/** What the repository around a folder says of paths below it, without the folder's own file. */
export interface OuterRules {
  readonly rules: GitRules;
  /** Differs when any of the files does. */
  readonly version: string;
}

/** Reads the ignore files above a folder; none counts where they ignore the folder itself. */
export function outerRules(root: string): OuterRules {
  const top = topOf(root);
  if (top === undefined) return { rules: noRules, version: '' };
  const segments = relative(top, root).split(/[\\/]/).filter(Boolean);
  const exclude = textOf(join(gitDirectory(top), 'info', 'exclude')) ?? '';
  let rules = addRules(noRules, '', exclude, '.git/info/exclude');
  let version = `${top}\0${exclude}`;
  let isIgnored = false;
  segments.forEach((_, depth) => {
    const folder = segments.slice(0, depth).join('/');
    const text = textOf(join(top, folder, '.gitignore')) ?? '';
    version += `\0${text}`;
    const file = `${'../'.repeat(segments.length - depth)}.gitignore`;
    rules = addRules(rules, folder, text, file);
    const next = segments.slice(0, depth + 1).join('/');
    isIgnored ||= ignoringRule(rules, next, true) !== undefined;
  });
  if (isIgnored) return { rules: noRules, version };
  return { rules: { ...rules, prefix: segments.join('/') }, version };
}

/** The folder with `.git` that this one is or lies in. */
function topOf(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Where a repository keeps what its worktrees share: `.git` is a file in those and in submodules. */
function gitDirectory(top: string): string {
  const link = /^gitdir: (.+)/.exec(textOf(join(top, '.git')) ?? '')?.[1];
  if (link === undefined) return join(top, '.git');
  const directory = resolve(top, link.trim());
  const common = textOf(join(directory, 'commondir'))?.trim();
  if (common !== undefined) return resolve(directory, common);
  return directory;
}
