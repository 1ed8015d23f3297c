import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of SECURITY.md: `| H1 | what is promised | [host](test/hosts/host.test.ts) |`. */
export interface Promised {
  readonly number: string;
  /** Paths from the root of the repository. */
  readonly tests: readonly string[];
}

const NUMBER = '(?:G|[A-Z]\\d)';
const ROW = new RegExp(`^\\| (${NUMBER}) \\| .+ \\| (.*) \\|$`, 'gm');
const TEST = /\]\((test\/[^)]+\.test\.ts)\)/g;
// `it('P2: ...')`, `describe('H1, H2: ...')`, also after `.each(...)`, on one line or the next.
const TITLE = new RegExp(`(?<=['"\`])${NUMBER}(?:, ${NUMBER})*(?=: )`, 'g');

export function promisesOf(markdown: string): Promised[] {
  return [...markdown.matchAll(ROW)].map(([, number = '', tests = '']) => ({
    number,
    tests: [...tests.matchAll(TEST)].map(([, path = '']) => path),
  }));
}

/** The numbers that the titles of tests begin with, by path of the file. */
export function numberedTests(): Map<string, Set<string>> {
  const names = readdirSync('test', { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.test.ts')).map((name) => join('test', name));
  return new Map(paths.map((path) => [path, numbersIn(readFileSync(path, 'utf8'))]));
}

const numbersIn = (source: string) =>
  new Set([...source.matchAll(TITLE)].flatMap(([numbers]) => numbers.split(', ')));
