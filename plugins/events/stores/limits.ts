import { limitOption } from '../../options.ts';

/** How much of its past a channel keeps. Infinity keeps all of it. */
export interface LimitOptions {
  /** Entries per channel; older ones are forgotten. @default 1000 */
  readonly limit?: number | undefined;
  /** Bytes of text per channel; its newest entry is kept even if larger. @default 16777216 (16 MiB) */
  readonly maxBytes?: number | undefined;
}

export interface Limits {
  readonly limit: number;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
}

/** Checks the options; throws a coded TypeError. */
export function checkLimits(
  options: LimitOptions & { readonly maxAge?: number | undefined },
  maxAge: number,
): Limits {
  return {
    limit: limitOption('limit', options.limit ?? 1000),
    maxBytes: limitOption('maxBytes', options.maxBytes ?? 16 * 1024 * 1024),
    maxAge: limitOption('maxAge', options.maxAge ?? maxAge),
  };
}
