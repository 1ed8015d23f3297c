import { readFileSync } from 'node:fs';

/** One fenced code block of a document. */
export interface Block {
  /** What the comment above it says: `<!-- runs: name -->`; empty without one. */
  readonly name: string;
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

const FENCE = /^```(\w*)[^\n`]*\n([\s\S]*?)^```$/gm;
const NAME = /<!-- runs: ([^\n]+?) -->\s*$/;

export function blocksOf(path: string): Block[] {
  const document = readFileSync(path, 'utf8');
  return [...document.matchAll(FENCE)].map(({ index, 1: language = '', 2: text = '' }) => {
    const above = document.slice(0, index);
    return { name: NAME.exec(above)?.[1] ?? '', language, text, line: above.split('\n').length };
  });
}

/** The first cells of the rows of every table whose head starts with `head`, without backticks. */
export function tableRows(path: string, head: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const rows: string[] = [];
  let inside = false;
  for (const line of lines) {
    const cell = /^\| *(.*?) *\|/.exec(line)?.[1]?.replaceAll('`', '');
    if (cell === undefined) inside = false;
    else if (cell === head) inside = true;
    else if (inside && !/^-+$/.test(cell)) rows.push(cell);
  }
  return rows;
}
