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

/**
 * The cells of one column of every table whose head starts with `head`, without backticks: the first
 * column if no other is asked for.
 */
export function tableRows(path: string, head: string, column = 0): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const rows: string[] = [];
  let inside = false;
  for (const line of lines) {
    const cells = line.startsWith('|') ? line.replaceAll('`', '').split('|').slice(1) : [];
    const [first, cell] = [cells[0]?.trim(), cells[column]?.trim() ?? ''];
    if (first === undefined) inside = false;
    else if (first === head) inside = true;
    else if (inside && !/^-+$/.test(first)) rows.push(cell);
  }
  return rows;
}

/** The defaults that are numbers, in the second column, by the names in the first. */
export function tableDefaults(path: string, head: string): Record<string, string> {
  const defaults = tableRows(path, head, 1);
  const rows = tableRows(path, head).map((name, index) => [name, defaults[index] ?? '']);
  return Object.fromEntries(rows.filter(([, value = '']) => /^\d+$/.test(value)));
}
