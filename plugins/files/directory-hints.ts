import { basename, dirname, resolve } from 'node:path';
import { FSWatcher } from 'chokidar';
import { toError } from '../to-error.ts';

/** A watch on one folder (not below it). */
export interface DirectoryHints {
  /** Resolves to true when the watch is set, to false when it could not be. Never rejects. */
  readonly armed: Promise<boolean>;
  close(): Promise<void>;
}

export interface HintListener {
  /** Something may have happened to the entry of this name; `isMove`: it may have come or gone. */
  onEntry(name: string, isMove: boolean): void;
  /** Something may have happened to the folder, or to any of its entries; `isMove`: it may be elsewhere. */
  onDirectory(isMove: boolean): void;
  onError(error: Error): void;
}

/**
 * Reads no folder that the system reports on. chokidar reads a folder again at each report, entry by
 * entry, for events that nobody listens to here; it leaves out what its throttle refuses.
 */
class RawWatcher extends FSWatcher {
  /** A folder that is polled is never "ready" when there is a file in its place. */
  onNoDirectory = (): void => {};

  override _handleError(...args: Parameters<FSWatcher['_handleError']>) {
    if ('code' in args[0] && args[0].code === 'ENOTDIR') this.onNoDirectory();
    return super._handleError(...args);
  }

  override _throttle(...args: Parameters<FSWatcher['_throttle']>) {
    if (args[0] === 'readdir' && !this.options.usePolling) return false;
    return super._throttle(...args);
  }
}

/**
 * Watches one folder through chokidar's raw events: its cooked ones are throttled and delayed,
 * and an instance for a whole tree never tells when a new folder's watch is in place.
 * @param poll milliseconds between two looks; undefined to be told by the system
 */
export function watchDirectory(
  directory: string,
  listener: HintListener,
  poll?: number,
): DirectoryHints {
  const watcher = new RawWatcher({
    depth: 0,
    ignoreInitial: true,
    ignorePermissionErrors: true,
    followSymlinks: false,
    atomic: false,
    ...(poll === undefined ? {} : { usePolling: true, interval: poll, binaryInterval: poll }),
    // Persistent watches are shared by path, also with a deleted folder's dead watch. On Windows
    // only persistent ones survive the error that a deletion raises.
    persistent: process.platform === 'win32',
    ignored: (path) => resolve(path) !== directory && !isPolledEntry(path),
  });
  // A folder's own watch reports its entries too; polling must look at each entry.
  const isPolledEntry = (path: string) =>
    watcher.options.usePolling && dirname(resolve(path)) === directory;

  watcher.on('raw', (event: string, name: unknown) => {
    if (typeof name !== 'string') return listener.onDirectory(false);
    const entry = basename(name);
    const isMove = event === 'rename';
    listener.onEntry(entry, isMove);
    // "rename" with its own name is how a folder's watch reports that the folder has gone.
    if (entry === basename(directory) && isMove) listener.onDirectory(true);
    if (watcher.options.usePolling && resolve(name) === directory) listener.onDirectory(false);
  });
  const { promise: armed, resolve: settle } = deferred();
  // Also "ready" is a folder that has gone for a moment, without a watch, or another entry in its
  // place, with one on that.
  watcher.once('ready', () => settle(watcher._closers.size > 0 && watcher._watched.has(directory)));
  watcher.onNoDirectory = () => settle(false);
  watcher.on('error', (error) => {
    settle(false);
    listener.onError(toError(error));
  });
  watcher.add(directory);
  return {
    armed,
    close() {
      settle(false);
      return watcher.close();
    },
  };
}

function deferred(): { promise: Promise<boolean>; resolve: (value: boolean) => void } {
  let resolve: (value: boolean) => void = () => undefined;
  const promise = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
