import { InvalidOptionError } from './errors.ts';

/** Checks an integer option once, at registration. */
export function integerOption(name: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new InvalidOptionError(name, `must be an integer of at least ${minimum}`);
}
