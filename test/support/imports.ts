import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** One import, re-export or dynamic import of a source file. */
export interface Import {
  readonly from: string;
  /** A path from the root of the project for a relative import, else the package as written. */
  readonly to: string;
  readonly isRelative: boolean;
  readonly isTypeOnly: boolean;
  /** Loaded when it is needed. */
  readonly isDynamic: boolean;
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;
const RE_EXPORT = /^export\s[^'";]*?\sfrom\s+'[^']+';?/gm;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** The TypeScript files below the folders, as paths from the root of the project. */
export function sourceFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
      .filter((path) => path.endsWith('.ts')),
  );
}

export function importsOfFile(path: string): Import[] {
  return importsOf(path, readFileSync(path, 'utf8'));
}

/** Reads the import lines of one file; imports of types in types (`import('x').Y`) count too. */
export function importsOf(from: string, text: string): Import[] {
  const code = text.replace(COMMENT, '');
  const found = [...code.matchAll(STATIC)].map(([, type, to = '']) => ({
    ...{ to, isTypeOnly: type !== undefined, isDynamic: false },
  }));
  const dynamic = [...code.matchAll(DYNAMIC)].map(([, to = '']) => ({
    ...{ to, isTypeOnly: false, isDynamic: true },
  }));
  return [...found, ...dynamic].map(({ to, ...how }) => ({
    from,
    to: to.startsWith('.') ? posix.join(posix.dirname(from), to) : to,
    isRelative: to.startsWith('.'),
    ...how,
  }));
}

/** Whether a file only passes on what others export. */
export function isBarrel(text: string): boolean {
  const code = text.replace(COMMENT, '');
  return RE_EXPORT.test(code) && code.replace(RE_EXPORT, '').trim() === '';
}

/** The first way found to get from a file back to itself, if there is one. */
export function findCycle(imports: readonly Import[]): string[] | undefined {
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    for (const { from, to } of imports) {
      const cycle = from === path ? visit(to, [...trail, path]) : undefined;
      if (cycle !== undefined) return cycle;
    }
    finished.add(path);
    return undefined;
  };
  for (const { from } of imports) {
    const cycle = visit(from, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
