import type { Pace } from './gather.ts';

/** So many reloads in so much time are enough. */
export const MAX_RELOADS = 10;
const WINDOW_MS = 10_000;

/**
 * The pace of a page that has been reloaded too often: it waits until nothing has changed for as
 * long as the budget counts, and a minute at most, since what it shows may be out of date.
 */
export const calm: Pace = { quiet: WINDOW_MS, cap: 60_000 };

/** @param reloads when the page was reloaded, in milliseconds since the Unix epoch */
export function isSpent(reloads: readonly number[], now: number): boolean {
  return recent(reloads, now).length >= MAX_RELOADS;
}

/**
 * The reloads to remember with one more; the one that comes after a calm spends all of the next
 * budget: a page that each of its loads changes is then reloaded once per calm.
 */
export function spend(reloads: readonly number[], now: number, wasSpent: boolean): number[] {
  if (wasSpent) return Array(MAX_RELOADS).fill(now);
  return [...recent(reloads, now), now];
}

function recent(reloads: readonly number[], now: number): number[] {
  // A clock that was set back must not hold the page for hours.
  return reloads.filter((time) => time > now - WINDOW_MS && time <= now);
}
