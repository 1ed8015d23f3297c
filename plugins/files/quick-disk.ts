// A look at a local disk takes some microseconds, one at another machine's a hundred times as long.
const SLOW_MS = 0.3;
/** One slow answer may be the machine's fault, which had something else to do. */
const SLOW_IN_A_ROW = 3;
/** What slow answers may take of the time of the event loop. */
const SHARE = 1 / 20;

let slowInARow = 0;
let notBefore = 0;

/**
 * Asks the disk on the spot, which costs a tenth of a trip to a thread and back. Slow answers hold
 * up the event loop: for some time after some, all is asked in threads.
 * @param later does the same in threads
 */
export function askDisk<T>(now: () => T, later: () => Promise<T>): T | Promise<T> {
  const start = performance.now();
  if (start < notBefore) return later();
  try {
    return now();
  } finally {
    const end = performance.now();
    slowInARow = end - start > SLOW_MS ? slowInARow + 1 : 0;
    if (slowInARow >= SLOW_IN_A_ROW) notBefore = end + (end - start) * (1 / SHARE - 1);
  }
}
