import ignore, { type Ignore } from 'ignore';
import { foldsCase } from './globs.ts';
import { entryOf } from './relative-path.ts';

/** The rules of several ignore files, the one that counts least first, as git combines them. */
export interface GitRules {
  /** What is tested: paths below the folder that the rules are about start with it. */
  readonly prefix: string;
  readonly matcher: Ignore | undefined;
}

/** No rules, for paths below a root. */
export const noRules: GitRules = { prefix: '', matcher: undefined };

/**
 * Adds the rules of one more ignore file.
 * @param folder where it lies, below what the prefix is below
 * @param file its name, for those who ask for the reason
 */
export function addRules(rules: GitRules, folder: string, text: string, file: string): GitRules {
  const patterns = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const added = patterns
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ pattern: fromTop(line, folder), mark: `${file}: ${line.trimEnd()}` }));
  if (added.length === 0) return rules;
  const matcher = ignore({ ignorecase: foldsCase, allowRelativePaths: true });
  if (rules.matcher) matcher.add(rules.matcher);
  return { ...rules, matcher: matcher.add(added) };
}

/** The rule that ignores an entry, or a folder above it. */
export function ignoringRule(
  { prefix, matcher }: GitRules,
  path: string,
  isDirectory: boolean,
): string | undefined {
  if (matcher === undefined || path === '') return undefined;
  const { ignored, rule } = matcher.test(`${entryOf(prefix, path)}${isDirectory ? '/' : ''}`);
  return ignored ? (rule?.mark ?? 'gitignore') : undefined;
}

/** Whether a file with these rules ignores all that lies beside it, as tools write it into output. */
export function ignoresAll(text: string): boolean {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.some((line) => /^\/?\*+$/.test(line)) && !lines.some((line) => line[0] === '!');
}

/** The pattern of a file in a folder, as the file at the top would have to write it. */
function fromTop(line: string, folder: string): string {
  if (folder === '') return line;
  const [sign, pattern] = line.startsWith('!') ? ['!', line.slice(1)] : ['', line];
  // "If there is a separator at the beginning or middle (or both) of the pattern, then the pattern
  // is relative to the directory level of the particular .gitignore file itself."
  const isAnchored = /\/(?!\s*$)/.test(pattern);
  const base = folder.replace(/[\\*?[\]]/g, '\\$&');
  return `${sign}/${base}/${isAnchored ? '' : '**/'}${pattern.replace(/^\//, '')}`;
}
