// A look at a local disk takes some microseconds, one at another machine's a hundred times as long.
const SLOW_MS = 0.3;
/** What slow answers may take of the time of the event loop. */
const SHARE = 1 / 20;
/** Milliseconds of them that count for nothing: the machine may have had something else to do. */
const ALLOWANCE_MS = 50;

/** Milliseconds of slow answers for which the event loop has not had its share yet. */
let owed = 0;
let owedAt = 0;

/**
 * Asks the disk on the spot, which costs a tenth of a trip to a thread and back. Slow answers hold
 * up the event loop: while they have taken more than their share, all is asked in threads.
 *
 * @param later does the same in threads
 */
export function askDisk<T>(now: () => T, later: () => Promise<T>): T | Promise<T> {
  const start = performance.now();
  owed = Math.max(0, owed - (start - owedAt) * SHARE);
  owedAt = start;
  if (owed > ALLOWANCE_MS) return later();
  try {
    return now();
  } finally {
    const took = performance.now() - start;
    if (took > SLOW_MS) owed += took;
  }
}
