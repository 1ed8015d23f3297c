import type { Operation } from './change.ts';
import type { MetLimit } from './limits.ts';

/** What a file watcher tells, in paths below the root with `/`. None may throw. */
export interface FileWatcherPorts {
  onChange(operation: Operation, path: string, from?: string, savedNs?: bigint): void;
  onError(error: Error): void;
  /** Some folders are not watched, but looked at. Told once, until all are watched again. */
  onLimit(limit: MetLimit): void;
}
