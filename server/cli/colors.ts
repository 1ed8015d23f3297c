import type picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether to print colours: never with NO_COLOR, always with FORCE_COLOR, else to a terminal. */
export function wantsColors(environment: Environment, isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  // "when present and not an empty string (regardless of its value)" (no-color.org)
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return !/^(0|false)$/.test(FORCE_COLOR);
  return isTerminal && TERM !== 'dumb';
}
