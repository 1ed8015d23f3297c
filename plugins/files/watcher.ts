import { closeSync, constants, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { toError } from '../to-error.ts';
import { type Change, toUrlPath } from './change.ts';
import { changeFilter, type PathChange } from './change-filter.ts';
import { FileWatcher } from './file-watcher.ts';
import type { FileWatcherPorts } from './file-watcher-ports.ts';
import { type IgnoreOptions, Ignores } from './ignores.ts';
import { limitNotice, type MetLimit, type Remedy, remedyFor } from './limits.ts';
import { textOf } from './repository.ts';
import type { WatchSettings } from './watch-settings.ts';

/** A folder being watched. */
export interface Watcher {
  /** Resolves when the whole folder is watched and its contents are known, or on close. */
  readonly ready: Promise<void>;
  /** Stops; no change is announced afterwards. May be called again. */
  close(): Promise<void>;
}

export interface WatchOptions extends Partial<WatchSettings>, IgnoreOptions {
  /** @default errors are dropped: the watcher carries on with what it still sees */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Called with a line of text when a limit of the system is met. */
  readonly onNotice?: ((text: string) => void) | undefined;
  /** The URL prefix of the announced paths. @default '' */
  readonly base?: string | undefined;
  /**
   * Resolves, at the latest on close, when there is time to read a site that is not small.
   * @default it is read at once: whatever is done after the call is announced
   */
  readonly free?: Promise<void> | undefined;
  /** Called when files may have gone whose names nobody had read yet. */
  readonly onLoss?: (() => void) | undefined;
}

/**
 * Announces every change of a file below a folder, once and at once. What the system reports is
 * only a hint where to look: a change is a difference between the disk and what was known.
 *
 * A file moved to a new name is one `rename`, also for each file of a moved folder; moved onto
 * another file, it is a `write` of that file and a `remove` of the old name.
 * @param root may be a link, may be missing for a while, and may be replaced
 * @throws InvalidOptionError for a glob that is none
 */
export function watchFiles(
  root: string,
  onChange: (change: Change, savedAt: number | undefined) => void,
  options: WatchOptions = {},
): Watcher {
  const { base, poll, free, onError, onNotice, onLoss } = options;
  const directory = resolve(root);
  const ignores = new Ignores(directory, options);
  const filter = changeFilter(options);
  const announce = ({ operation, path, from }: PathChange, savedAt: number | undefined) => {
    const change = { operation, path: toUrlPath(path, base) };
    try {
      onChange(from === undefined ? change : { ...change, from: toUrlPath(from, base) }, savedAt);
    } catch (error) {
      onError?.(toError(error));
    }
  };
  const ports: FileWatcherPorts = {
    onError: (error) => onError?.(error),
    onLimit: (limit) => onNotice?.(limitNotice(directory, limit, remedy(limit, directory))),
    onLoss: () => onLoss?.(),
    onChange: (operation, path, from, savedNs) => {
      const savedAt = savedNs === undefined ? undefined : Number(savedNs / 1_000_000n);
      for (const change of filter({ operation, path, from })) announce(change, savedAt);
    },
  };
  return new FileWatcher(directory, ignores, { poll, free }, ports);
}

function remedy({ code }: MetLimit, directory: string): Remedy {
  const limitNamed = (name: string) => {
    const value = Number.parseInt(textOf(`/proc/sys/${name.replaceAll('.', '/')}`) ?? '', 10);
    return Number.isNaN(value) ? undefined : value;
  };
  return remedyFor(code, process.platform, canOpen(directory), limitNamed);
}

function canOpen(path: string): boolean {
  try {
    // Not blocking, even if a FIFO is in its place.
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
