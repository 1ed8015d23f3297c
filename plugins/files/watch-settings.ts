import type { Operation } from './change.ts';

/** What is watched, how, and what of it is announced. */
export interface WatchSettings {
  /** Globs of what is not watched, beside the default ones. */
  readonly ignore: readonly string[];
  /** Whether files that `.gitignore` names are left unwatched. */
  readonly gitignore: boolean;
  /** Globs of the files whose changes are announced; all files if empty. */
  readonly include: readonly string[];
  /** Globs of the files whose changes are not announced. */
  readonly exclude: readonly string[];
  /** Operations that are announced; all if empty. */
  readonly events: readonly Operation[];
  /** Operations that are not announced. */
  readonly ignoreEvents: readonly Operation[];
  /** Milliseconds between two looks; undefined to be told by the system. */
  readonly poll: number | undefined;
}
