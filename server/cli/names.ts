import { FLAGS, type FlagName } from './flags.ts';

/** All names that flags have, in the order of the help. */
export const FLAG_NAMES: readonly FlagName[] = Object.keys(FLAGS).filter(isFlagName);

function isFlagName(name: string): name is FlagName {
  return name in FLAGS;
}
