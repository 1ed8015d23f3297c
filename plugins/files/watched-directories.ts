import { basename } from 'node:path';
import { relativeWithin } from './contain.ts';

/** A directory to watch, so that each file is announced once. */
export interface WatchedDirectory {
  readonly root: string;
  /** URL path below which its changes are announced. */
  readonly base: string;
  /** Directories below it, with `/`, that are watched whatever ignores them. */
  readonly kept: readonly string[];
  /** Whether a path below it, with `/`, is left to another watch. */
  ignored(path: string): boolean;
}

/**
 * The root of the site and what of the other directories does not lie in it or in one another.
 * @param mounts directories that are watched besides, each on its own
 */
export function watchedDirectories(
  root: string,
  others: readonly string[],
  mounts: readonly string[] = [],
): WatchedDirectory[] {
  const all = [...new Set(others)].filter((other) => !isIn([root, ...mounts], other));
  const outer = all.filter((directory) => !all.some((other) => isBelow(other, directory)));
  return [
    { root, base: '', kept: pathsBelow(root, others), ignored: () => false },
    ...outer.map((directory) => {
      const left = pathsBelow(directory, [root, ...mounts]);
      return {
        root: directory,
        base: `/${encodeURIComponent(basename(directory))}`,
        kept: pathsBelow(directory, all),
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
  mounts: readonly { readonly path: string; readonly root: string }[] = [],
): string[] {
  const served = [{ path: '', root }, ...mounts];
  const inner = served.flatMap((place) =>
    pathsBelow(place.root, others).map((path) => `${place.path}/${encodeURI(path)}/`),
  );
  const roots = mounts.map((mount) => mount.root);
  const [, ...outer] = watchedDirectories(root, others, roots);
  return [...new Set([...inner, ...outer.map(({ base }) => `${base}/`)])];
}

const isBelow = (directory: string, other: string) => Boolean(relativeWithin(directory, other));

const isIn = (directories: readonly string[], other: string) =>
  directories.some((directory) => relativeWithin(directory, other) !== undefined);

const pathsBelow = (directory: string, others: readonly string[]) =>
  others.flatMap((other) => relativeWithin(directory, other) || []);
