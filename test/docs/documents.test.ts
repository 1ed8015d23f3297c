import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../support/docs/blocks.ts';

const manuals = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
const documents = [...manuals, 'ARCHITECTURE.md', 'CHANGELOG.md', 'examples/README.md'];

describe.each(manuals)('%s', (path) => {
  it('has a test that runs its code', () => {
    const test = `test/docs/${basename(path, '.md').toLowerCase()}.test.ts`;
    expect(readFileSync(test, 'utf8')).toContain('runBlocks(');
  });

  it('opens and closes each block of code in the way that the tests read', () => {
    const fences = readFileSync(path, 'utf8').match(/^\s*(```|~~~)/gm) ?? [];
    expect(blocksOf(path)).toHaveLength(fences.length / 2);
  });
});

describe.each(documents)('%s', (path) => {
  const text = readFileSync(path, 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];

  it('links to files and headings that are there', () => {
    const broken = links.filter(([, file, heading]) => {
      const target = file ? join(dirname(path), file) : path;
      return !existsSync(target) || (heading && !headingsOf(target).includes(heading));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only folders and files that are there', () => {
    const root = /`((?:plugins|server|client|test|docs|examples|fixtures|\.ci)\/[\w./-]*)`/g;
    const named = [...text.matchAll(root)].map(([, name = '']) => name);
    expect(named.filter((name) => !existsSync(name))).toEqual([]);
  });
});

function headingsOf(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
