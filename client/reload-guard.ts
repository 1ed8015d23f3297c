import type { Pace } from './gather.ts';

/** What tells one answer of the server for a page from another. */
export interface Version {
  readonly build: string;
  readonly cursor: string;
}

/** Why to reload: the time of the newest change, the epoch of a position after a loss, or both. */
export interface Reason {
  readonly timestamp: number;
  readonly epoch: string;
}

/** What a page leaves for the page that comes after its reload. */
export interface Mark extends Version, Reason {
  /** When it reloaded, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** How many pages in a row reloaded within their first second. */
  readonly streak: number;
}

export interface MarkStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export const noReason: Reason = { timestamp: 0, epoch: '' };

/** @returns undefined where nothing (or nothing of ours) is stored, or storage is denied */
export function readMark(storage: MarkStorage, key: string): Mark | undefined {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? 'null');
    return isMark(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the page came back as it was before its reload: held by a cache or service worker. */
export function isStale(version: Version, mark: Mark | undefined): mark is Mark {
  return mark?.build === version.build && mark.cursor === version.cursor;
}

/** A stale page is not reloaded for what it was reloaded for already: that would never end. */
export function isNews(reason: Reason, version: Version, mark: Mark | undefined): boolean {
  if (!isStale(version, mark)) return true;
  const newEpoch = reason.epoch !== '' && reason.epoch !== mark.epoch;
  return newEpoch || reason.timestamp > mark.timestamp;
}

/** Both reasons as one. */
export function merge(earlier: Reason, later: Reason): Reason {
  return {
    timestamp: Math.max(earlier.timestamp, later.timestamp),
    epoch: later.epoch || earlier.epoch,
  };
}

/**
 * A first change is followed at once; the rest of its burst, which meets the page that the reload
 * gave, is gathered for longer; pages that keep asking for the next reload are slowed down.
 * @param streak how many pages in a row asked for a reload while they were fresh
 * @param loadTime milliseconds that the last reload took: on a slow machine a burst is slow too
 */
export function pace(streak: number, loadTime: number): Pace {
  if (streak === 0) return { quiet: 20, cap: 300 };
  const base = Math.min(Math.max(2 * loadTime, 300), 1000);
  const quiet = Math.min(base * 2 ** (streak - 1), 8000);
  return { quiet, cap: Math.max(3000, quiet) };
}

function isMark(value: unknown): value is Mark {
  return typeof value === 'object' && value !== null && 'build' in value && 'streak' in value;
}
