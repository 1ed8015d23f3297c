import type { Operation } from './change.ts';
import type { MetLimit } from './limits.ts';

export interface WatchTimes {
  /** Milliseconds between two looks; undefined to be told by the system. */
  readonly poll?: number | undefined;
  /** When there is time to read a site that is not small; undefined to read it at once. */
  readonly free?: Promise<void> | undefined;
}

/** What a file watcher tells, in paths below the root with `/`. None may throw. */
export interface FileWatcherPorts {
  onChange(operation: Operation, path: string, from?: string, savedNs?: bigint): void;
  onError(error: Error): void;
  /** Some folders are not watched, but looked at. Told once, until all are watched again. */
  onLimit(limit: MetLimit): void;
  /** Files may have gone whose names nobody had read yet. */
  onLoss(): void;
}
