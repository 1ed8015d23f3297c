import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';

/** One row of a table that maps the calls of another library to ours. */
export interface MappedCall {
  /** The heading above the table. */
  readonly library: string;
  readonly theirs: string;
  /** A statement or an expression. */
  readonly ours: string;
  readonly line: number;
}

/** The rows of every table whose second column is "here". */
export function mappedCalls(path: string): MappedCall[] {
  const calls: MappedCall[] = [];
  let library = '';
  let inside = false;
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    library = /^## (.+)$/.exec(line)?.[1] ?? library;
    const [, theirs, ours] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (theirs === undefined || ours === undefined) inside = false;
    else if (ours === 'here') inside = true;
    else if (inside && !/^-+$/.test(ours)) {
      calls.push({ library, theirs, ours: ours.replace(/^`|`$/g, ''), line: index + 1 });
    }
  }
  return calls;
}

/** Runs a piece of code that knows these names, and returns what it comes to. */
export type Run = (names: Readonly<Record<string, unknown>>) => unknown;

export function toRun(code: string): Run {
  const body = code.startsWith('for ') ? code : `return (${code});`;
  return (names) =>
    Reflect.apply(compileFunction(body, Object.keys(names)), undefined, Object.values(names));
}
