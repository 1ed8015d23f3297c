import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidOptionError, NoDirectoryError } from './errors.ts';

// Checks of options, made once, at registration. Each returns the value or throws a coded TypeError.

/** The longest delay a timer takes: a longer one fires at once. */
const MAX_INTERVAL = 2 ** 31 - 1;

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

/** Milliseconds. */
export function intervalOption(name: string, value: number, minimum: number): number {
  return integerOption(name, value, minimum, MAX_INTERVAL);
}

/** A number of things, or Infinity for any number of them. */
export function limitOption(name: string, value: number): number {
  return value === Number.POSITIVE_INFINITY ? value : integerOption(name, value, 1);
}

/** Refuses options that nobody reads: most are misspelt. */
export function knownOptions(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new InvalidOptionError(name, `is unknown here: the options are ${known.join(', ')}`);
  }
}

export function booleanOption(name: string, value: boolean): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidOptionError(name, `must be true or false, not ${JSON.stringify(value)}`);
}

export function stringOption(name: string, value: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidOptionError(name, 'must be a string that is not empty');
}

export function listOption(name: string, value: readonly string[]): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new InvalidOptionError(name, 'must be an array of strings');
}

/** An object with values by name, as a JSON file may hold it. */
export function recordOption<Value extends object>(name: string, value: Value): Value {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidOptionError(name, `must be an object, not ${JSON.stringify(value)}`);
}

export function functionOption<Function_>(name: string, value: Function_): Function_ {
  if (typeof value === 'function') return value;
  throw new InvalidOptionError(name, 'must be a function');
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

/** A URL path that starts with a slash and does not end with one: "/" becomes "". */
export function pathOption(name: string, value: string): string {
  const path = typeof value === 'string' ? value.replace(/\/+$/, '') : '?';
  if (/^(\/(?!\.{1,2}(\/|$))[\w.~@-]+)*$/.test(path)) return path;
  throw new InvalidOptionError(name, `must be a URL path such as "/events", not "${value}"`);
}

/** The absolute path of a directory that exists. */
export function directoryOption(name: string, value: string): string {
  if (typeof value !== 'string') throw new InvalidOptionError(name, 'must be a directory path');
  const stats = statSync(value, { throwIfNoEntry: false });
  if (!stats) throw new NoDirectoryError('No such directory', value);
  if (!stats.isDirectory()) throw new NoDirectoryError('Not a directory', value);
  try {
    accessSync(value, constants.R_OK | constants.X_OK);
  } catch {
    throw new NoDirectoryError('Not a directory that may be read', value);
  }
  return resolve(value);
}
