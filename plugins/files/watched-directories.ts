import { basename } from 'node:path';
import { toUrlPath } from './change.ts';
import { relativeWithin } from './contain.ts';

/** A directory to watch, so that each file is announced once for each URL path that it has. */
export interface WatchedDirectory {
  readonly root: string;
  /** URL path below which its changes are announced. */
  readonly base: string;
  /** Directories below it, with `/`, that are watched whatever ignores them. */
  readonly kept: readonly string[];
  /** Whether a path below it, with `/`, is left to another watch. */
  ignored(path: string): boolean;
}

/** A directory that is served, and the URL path of it, without a slash at its end. */
export interface ServedDirectory {
  readonly path: string;
  readonly root: string;
}

/** The directories that are served, and what of the others does not lie in them or in one another. */
export function watchedDirectories(
  root: string,
  others: readonly string[],
  mounts: readonly ServedDirectory[] = [],
): WatchedDirectory[] {
  const served = [{ path: '', root }, ...mounts];
  const roots = served.map((place) => place.root);
  return [
    ...served.map((place) => ({
      root: place.root,
      base: place.path,
      kept: pathsBelow(place.root, others),
      ignored: () => false,
    })),
    ...outside(roots, others).map((directory) => {
      const left = pathsBelow(directory, roots);
      return {
        root: directory,
        base: baseOf(directory),
        kept: pathsBelow(directory, others),
        ignored: (path: string) =>
          left.some((each) => path === each || path.startsWith(`${each}/`)),
      };
    }),
  ];
}

/** The URL paths, each with a slash at its end, below which a change concerns every page. */
export function watchedPaths(
  root: string,
  others: readonly string[],
  mounts: readonly ServedDirectory[] = [],
): string[] {
  const served = [{ path: '', root }, ...mounts];
  const inner = served.flatMap((place) =>
    pathsBelow(place.root, others).map((path) => `${toUrlPath(path, place.path)}/`),
  );
  const outer = outside([root, ...mounts.map((mount) => mount.root)], others);
  return [...new Set([...inner, ...outer.map((directory) => `${baseOf(directory)}/`)])];
}

const baseOf = (directory: string) => `/${encodeURIComponent(basename(directory))}`;

/** Those of the directories that lie neither in a root nor in one another. */
function outside(roots: readonly string[], directories: readonly string[]): string[] {
  const all = [...new Set(directories)];
  const isIn = (outer: string, inner: string) => relativeWithin(outer, inner) !== undefined;
  return all.filter(
    (directory) =>
      !roots.some((root) => isIn(root, directory)) &&
      !all.some((other) => other !== directory && isIn(other, directory)),
  );
}

const pathsBelow = (directory: string, others: readonly string[]): string[] =>
  others.flatMap((other) => relativeWithin(directory, other) || []);
