import type { BigIntStats } from 'node:fs';
import type { Operation } from './change.ts';

/** What `stat` tells of a file. */
export interface Stamp {
  /** Device, inode and time of birth: an inode alone is used again for the next file. */
  readonly identity: string;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly mode: bigint;
}

/** A stamp and, where it could be read, the content. */
export interface Fingerprint extends Stamp {
  readonly hash?: string;
  /** Taken so soon after the last change that a further one may carry the same times. */
  readonly racy: boolean;
}

/** Of a file that is known by its name alone: whatever it is found to be is another content. */
export const UNREAD: Fingerprint = {
  identity: '',
  size: -1n,
  mtimeNs: 0n,
  ctimeNs: 0n,
  mode: 0n,
  racy: true,
};

// The kernel's coarse clock ticks every 1-10 ms: two writes within one tick look alike to stat.
const CLOCK_TICK_NS = 20_000_000n;

const PERMISSIONS = 0o7777n;

/** The time as file systems count it, in nanoseconds since the epoch. */
export const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

export function stampOf(stats: BigIntStats): Stamp {
  return {
    identity: `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`,
    size: stats.size,
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    mode: stats.mode & PERMISSIONS,
  };
}

/** Joins a stamp with the content read under it; `readAtNs` is when the reading began. */
export function fingerprintOf(stamp: Stamp, readAtNs: bigint, hash?: string): Fingerprint {
  const racy = readAtNs - stamp.ctimeNs < CLOCK_TICK_NS;
  return hash === undefined ? { ...stamp, racy } : { ...stamp, racy, hash };
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.ctimeNs === b.ctimeNs && a.mode === b.mode && isSameFile(a, b);
}

/** Whether both are one file with one content under (perhaps) two names. */
export function isSameFile(a: Stamp, b: Stamp): boolean {
  return a.identity === b.identity && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** What must be announced to lead from one state of a file to the next; nothing if they agree. */
export function compare(before?: Fingerprint, after?: Fingerprint): Operation | undefined {
  if (before === undefined) return after === undefined ? undefined : 'create';
  if (after === undefined) return 'remove';
  if (hasOtherContent(before, after)) return 'write';
  return before.mode === after.mode ? undefined : 'chmod';
}

function hasOtherContent(before: Fingerprint, after: Fingerprint): boolean {
  if (before.size !== after.size) return true;
  if (before.hash !== undefined && after.hash !== undefined) return before.hash !== after.hash;
  return before.mtimeNs !== after.mtimeNs || before.identity !== after.identity;
}
