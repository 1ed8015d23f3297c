import { availableParallelism, loadavg } from 'node:os';

/** How many times longer things take because the machine has more to do than it has processors. */
export function busyFactor(): number {
  const [lastMinute = 0] = loadavg();
  return Math.max(1, lastMinute / availableParallelism());
}
