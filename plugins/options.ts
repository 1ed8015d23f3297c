import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidOptionError, NoDirectoryError } from './errors.ts';

// Checks of options, made once, at registration. Each returns the value or throws a coded TypeError.

export function integerOption(
  name: string,
  value: number,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  const most = maximum === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${maximum}`;
  throw new InvalidOptionError(name, `must be an integer of at least ${minimum}${most}`);
}

export function oneOf<Value extends string>(
  name: string,
  value: string,
  values: readonly Value[],
): Value {
  const known = values.find((candidate) => candidate === value);
  if (known !== undefined) return known;
  throw new InvalidOptionError(name, `must be one of ${values.join(', ')}, not "${value}"`);
}

/** A URL path: starts with a slash and does not end with one. */
export function pathOption(name: string, value: string): string {
  if (/^(\/[\w.~@-]+)+$/.test(value)) return value;
  throw new InvalidOptionError(name, `must be a URL path such as "/events", not "${value}"`);
}

/** The absolute path of a directory that exists. */
export function directoryOption(name: string, value: string): string {
  if (typeof value !== 'string') throw new InvalidOptionError(name, 'must be a directory path');
  const stats = statSync(value, { throwIfNoEntry: false });
  if (!stats) throw new NoDirectoryError('No such directory', value);
  if (!stats.isDirectory()) throw new NoDirectoryError('Not a directory', value);
  return resolve(value);
}
