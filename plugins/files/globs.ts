import picomatch from 'picomatch';
import { InvalidOptionError } from '../errors.ts';
import { nameOf } from './relative-path.ts';

/** A list of globs, compiled. */
export interface Globs {
  /** The first glob that matches an entry itself, whatever holds for the folders above it. */
  entry(path: string, isDirectory: boolean): string | undefined;
  /** The first glob that matches a file or a folder above it. */
  file(path: string): string | undefined;
}

interface Glob {
  readonly text: string;
  readonly isName: boolean;
  readonly isFolder: boolean;
  readonly matches: (text: string) => boolean;
}

// As the disk does it: git's core.ignorecase is true there by default.
export const foldsCase = process.platform === 'darwin' || process.platform === 'win32';

/**
 * Compiles globs over paths below a root. One without a slash matches the name in any folder; one
 * with a slash, also in front, is a path from the root; one that ends with a slash matches folders.
 * @param option for the error
 * @throws InvalidOptionError
 */
export function compileGlobs(option: string, patterns: readonly string[]): Globs {
  const globs = patterns.map((pattern) => compile(option, pattern));
  const entry = (path: string, isDirectory: boolean) => {
    const name = nameOf(path);
    const isMatch = ({ isName, isFolder, matches }: Glob) =>
      (isDirectory || !isFolder) && matches(isName ? name : path);
    return globs.find(isMatch)?.text;
  };
  return {
    entry,
    file(path) {
      if (globs.length === 0) return undefined;
      for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
        const above = entry(path.slice(0, end), true);
        if (above !== undefined) return above;
      }
      return entry(path, false);
    },
  };
}

function compile(option: string, text: string): Glob {
  const path = text.replace(/^(\.\/)+(?=.)/, '/');
  const glob = path.replace(/^\/+/, '').replace(/\/+$/, '');
  const refuse = (reason: string): never => {
    throw new InvalidOptionError(option, reason);
  };
  if (glob === '' || glob === '.') refuse(`must hold globs such as "*.map", not "${text}"`);
  if (/^!(?!\()/.test(glob)) refuse(`takes no "!": leave out "${text}"`);
  if (glob.split('/').includes('..')) refuse(`must stay below the directory, unlike "${text}"`);
  const isName = !path.replace(/\/+$/, '').includes('/');
  return { text, isName, isFolder: path.endsWith('/'), matches: matcherOf(glob, text, refuse) };
}

function matcherOf(glob: string, text: string, refuse: (reason: string) => never): Glob['matches'] {
  // Our paths have slashes on Windows too, where picomatch would take a backslash for one.
  const options = { dot: true, nonegate: true, windows: false, nocase: foldsCase };
  try {
    const matches = picomatch(glob, { ...options, strictBrackets: true });
    return (path) => matches(path);
  } catch {
    return refuse(`holds "${text}", which is no glob: a bracket or brace is not closed`);
  }
}
