import { resolve } from 'node:path';
import { toError } from '../to-error.ts';
import { type Change, toUrlPath } from './change.ts';
import { FileWatcher } from './file-watcher.ts';
import { isIgnored } from './ignore.ts';

/** A folder being watched. */
export interface Watcher {
  /** Resolves when the whole folder is watched and its contents are known, or on close. */
  readonly ready: Promise<void>;
  /** Stops; no change is announced afterwards. May be called again. */
  close(): Promise<void>;
}

export interface WatchOptions {
  /**
   * Files and folders to leave out beside the default ones (dot names, `node_modules`, editors'
   * temporary files), by their path below the root with `/`.
   */
  readonly ignored?: (path: string) => boolean;
  /** @default errors are dropped: the watcher carries on with what it still sees */
  readonly onError?: (error: Error) => void;
  /** The URL prefix of the announced paths. @default '' */
  readonly base?: string;
}

/**
 * Announces every change of a file below a folder, once and at once. What the system reports is
 * only a hint where to look: a change is a difference between the disk and what was known.
 *
 * A file moved to a new name is one `rename`, also for each file of a moved folder; moved onto
 * another file, it is a `write` of that file and a `remove` of the old name.
 * @param root may be a link, may be missing for a while, and may be replaced
 */
export function watchFiles(
  root: string,
  onChange: (change: Change) => void,
  options: WatchOptions = {},
): Watcher {
  const { base, ignored, onError } = options;
  return new FileWatcher(resolve(root), {
    isIgnored: (path) => isIgnored(path) || ignored?.(path) === true,
    onError: (error) => onError?.(error),
    onChange(operation, path, from) {
      const change = { operation, path: toUrlPath(path, base) };
      try {
        onChange(from === undefined ? change : { ...change, from: toUrlPath(from, base) });
      } catch (error) {
        onError?.(toError(error));
      }
    },
  });
}
