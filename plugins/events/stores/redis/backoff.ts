import { setTimeout as delay } from 'node:timers/promises';

const LONGEST = 1000;

/** Waits a random time that doubles with each failure, so that processes do not come in step. */
export async function backOff(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(LONGEST, 20 * 2 ** Math.min(failures, 10));
  await delay(longest * Math.random(), undefined, { signal, ref: false }).catch(() => {});
}
