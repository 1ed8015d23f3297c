import { DEFAULT_MAX_STREAMS } from '../../plugins/dev-serve-options.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import type { LimitValues, Name } from './values.ts';

/** What holds where the config file says nothing. */
export const LIMITS: Readonly<LimitValues> = { maxStreams: DEFAULT_MAX_STREAMS, ...DEFAULT_LIMITS };

export const LIMIT_NAMES: readonly (keyof LimitValues)[] = Object.keys(LIMITS).filter(isLimitName);

export function isLimitName(name: Name | string): name is keyof LimitValues {
  return name in LIMITS;
}
