import { InvalidArgumentError } from 'commander';

// Each takes the text of one flag and the value of those before it, and returns the value of both.

export function text(value: string): string {
  if (value !== '') return value;
  throw new InvalidArgumentError('It must not be empty.');
}

export function integer(what: string, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number <= maximum) return number;
    throw new InvalidArgumentError(`${what} is a number from 0 to ${maximum}.`);
  };
}

export function choice<Value extends string>(values: readonly Value[]): (value: string) => Value {
  return (value) => {
    const known = values.find((candidate) => candidate === value);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`Allowed choices are ${values.join(', ')}.`);
  };
}

export function append(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text(value)];
}

/** A list by comma; a comma within braces belongs to a glob. */
export function list(value: string, previous: unknown = []): readonly string[] {
  return [...(Array.isArray(previous) ? previous : []), ...entries(value)];
}

export function choices<Value extends string>(
  values: readonly Value[],
): (value: string, previous?: readonly Value[]) => readonly Value[] {
  return (value, previous = []) => [...previous, ...entries(value).map(choice(values))];
}

/** What is empty is no slip to pass over: a variable of a script may not have been set. */
function entries(value: string): string[] {
  const items = split(value);
  if (!items.includes('')) return items;
  throw new InvalidArgumentError('No entry of the list may be empty.');
}

export function splitList(value: string): string[] {
  return split(value).filter((item) => item !== '');
}

function split(value: string): string[] {
  const items = [''];
  let depth = 0;
  for (const character of value) {
    if (character === '{') depth += 1;
    if (character === '}') depth = Math.max(0, depth - 1);
    if (character === ',' && depth === 0) items.push('');
    else items.push(`${items.pop() ?? ''}${character}`);
  }
  return items.map((item) => item.trim());
}

/** A comma in a value belongs to it, unless a name and a colon follow. */
export function splitHeaders(value: string): string[] {
  return value.split(/,\s*(?=[\w-]+\s*:)/);
}

export function header(
  value: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  // "field-name = token" (RFC 9110, 5.1); what the value may be is judged where it is used.
  const parts = /^([!#$%&'*+.^`|~\w-]+):\s*(.*?)\s*$/.exec(value);
  if (parts?.[1] !== undefined) return { ...previous, [parts[1]]: parts[2] ?? '' };
  // Not an InvalidArgumentError, with which commander prints the value: headers hold credentials.
  throw new Error("A header is written 'Name: value'.");
}

export function mount(
  value: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const pair = pathAnd(value);
  if (pair !== undefined) return { ...previous, ...pair };
  throw new InvalidArgumentError('A mount is written /path=directory.');
}

/** The URL of one server for all paths, or `/path=URL`. */
export function proxy(
  value: string,
  previous: string | Readonly<Record<string, string>> = {},
): string | Readonly<Record<string, string>> {
  const rules = typeof previous === 'string' ? { '/': previous } : previous;
  const rule = pathAnd(value) ?? { '/': value };
  for (const [path, target] of Object.entries(rule)) {
    if (!URL.canParse(target)) {
      throw new InvalidArgumentError(
        'A proxy is written http://host:port or /path=http://host:port.',
      );
    }
    if (path in rules) throw new InvalidArgumentError(`The path ${path} has a proxy already.`);
  }
  return '/' in rule && Object.keys(rules).length === 0 ? value : { ...rules, ...rule };
}

function pathAnd(value: string): Record<string, string> | undefined {
  const parts = /^(\/[^=]*)=(.+)$/s.exec(value);
  return parts?.[1] === undefined ? undefined : { [parts[1]]: parts[2] ?? '' };
}
