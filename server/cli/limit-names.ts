import { DEFAULT_STREAM_LIMITS } from '../../plugins/stream-limits.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import type { LimitValues, Name } from './values.ts';

/** What holds where the config file says nothing. */
export const LIMITS: Readonly<LimitValues> = { ...DEFAULT_STREAM_LIMITS, ...DEFAULT_LIMITS };

export const LIMIT_NAMES: readonly (keyof LimitValues)[] = Object.keys(LIMITS).filter(isLimitName);

export function isLimitName(name: Name | string): name is keyof LimitValues {
  return name in LIMITS;
}
