import { basename } from 'node:path';
import { relativeWithin } from './contain.ts';

/** A directory to watch, so that each file is announced once. */
export interface WatchedDirectory {
  readonly root: string;
  /** URL path below which its changes are announced. */
  readonly base: string;
  /** Whether a path below it, with `/`, is left to another watch. */
  ignored(path: string): boolean;
}

/** The root of the site and what of the other directories does not lie in it or in one another. */
export function watchedDirectories(root: string, others: readonly string[]): WatchedDirectory[] {
  const all = [...new Set(others)].filter((directory) => directory !== root);
  const isInside = (directory: string) =>
    [root, ...all].some(
      (other) => other !== directory && relativeWithin(other, directory) !== undefined,
    );
  const outer = all.filter((directory) => !isInside(directory));
  return [
    { root, base: '', ignored: () => false },
    ...outer.map((directory) => {
      const site = relativeWithin(directory, root);
      return {
        root: directory,
        base: `/${encodeURIComponent(basename(directory))}`,
        ignored: (path: string) =>
          site !== undefined && (path === site || path.startsWith(`${site}/`)),
      };
    }),
  ];
}
