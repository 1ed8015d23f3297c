import { readFileSync } from 'node:fs';

/** The names that an exported interface itself declares, in its order. */
export function membersOf(path: string, name: string): (string | undefined)[] {
  const [, body = ''] = readFileSync(path, 'utf8').split(`export interface ${name} `);
  const members = body.slice(0, body.indexOf('\n}'));
  return [...members.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member);
}
