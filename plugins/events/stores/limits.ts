import { integerOption } from '../../options.ts';

/** How much of its past a channel keeps. */
export interface LimitOptions {
  /** Entries per channel; older ones are forgotten. @default 1000 */
  readonly limit?: number | undefined;
  /** Bytes of text per channel; its newest entry is kept even if larger. @default 16777216 (16 MiB) */
  readonly maxBytes?: number | undefined;
  /** Milliseconds; a channel whose entries are all older is forgotten. @default 3600000 (1 hour) */
  readonly maxAge?: number | undefined;
}

export interface Limits {
  readonly limit: number;
  readonly maxBytes: number;
  readonly maxAge: number;
}

/** Checks the options; throws a coded TypeError. */
export function checkLimits(options: LimitOptions): Limits {
  return {
    limit: integerOption('limit', options.limit ?? 1000, 1),
    maxBytes: integerOption('maxBytes', options.maxBytes ?? 16 * 1024 * 1024, 1),
    maxAge: integerOption('maxAge', options.maxAge ?? 3_600_000, 1),
  };
}
