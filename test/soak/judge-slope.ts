import type { Slope } from './slope.ts';

/** MiB per hour that a heap may not grow by. */
const LIMIT = 1;

/** `not resolved`: the measurement is too coarse for the limit. */
export type Verdict = 'steady' | 'grows' | 'not resolved';

/** What a measurement can tell apart, in MiB per hour; `settling` as below. */
export function resolutionOf({ error }: Slope, settling: number): number {
  return 2 * error + settling;
}

/**
 * `settling`: MiB per hour that the engine may still add for what it makes once. Where there is any,
 * a heap grows only if neither that nor chance explains it; where there is none, the limit is the limit.
 */
export function judgeSlope(slope: Slope, settling: number): Verdict {
  const resolution = resolutionOf(slope, settling);
  const excused = settling > 0 ? resolution : 0;
  if (slope.perHour - excused >= LIMIT) return 'grows';
  return resolution > LIMIT ? 'not resolved' : 'steady';
}
