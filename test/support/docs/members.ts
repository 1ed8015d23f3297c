import { readFileSync } from 'node:fs';

/** What an exported interface or class itself declares, in its order: properties and methods. */
export function membersOf(path: string, name: string): string[] {
  const members = bodyOf(path, name).matchAll(MEMBER);
  const names = [...members].map(([, property, method]) => property ?? method ?? '');
  return [...new Set(names)].filter((member) => member !== 'constructor');
}

/** The numbers that are defaults of an interface's members, by their `@default`. */
export function defaultsOf(path: string, name: string): Record<string, string> {
  const defaults = bodyOf(path, name).matchAll(DEFAULT);
  return Object.fromEntries(
    [...defaults].map(([, number = '', member = '']) => [member, number.replaceAll('_', '')]),
  );
}

const MEMBER = /^ {2}(?:(?:readonly )?'?([\w:-]+)'?\??:|(?:async |get )*(\w+)[<(])/gm;
const DEFAULT = /@default ([\d_]+)[^@]*?\*\/\n {2}readonly (\w+)/g;

function bodyOf(path: string, name: string): string {
  const start = new RegExp(`export (?:interface|class) ${name}[ <]`);
  const [, body = ''] = readFileSync(path, 'utf8').split(start);
  return body.slice(0, body.indexOf('\n}'));
}
