import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { blocksOf, tableRows } from '../support/docs/blocks.ts';

const manuals = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
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

  it('shows pictures that are there, each with words for those who do not see it', () => {
    const shown = [...text.matchAll(/<picture>.*?<\/picture>/gs)].map(([picture]) => picture);
    const named = shown.flatMap((picture) => [...picture.matchAll(/src(?:set)?="([^"]*)"/g)]);
    const missing = named.filter(([, name = '']) => !existsSync(join(dirname(path), name)));
    expect(missing.map(([, name]) => name)).toEqual([]);
    expect(shown.filter((picture) => !/<img alt="[^"]+" /.test(picture))).toEqual([]);
  });

  it('names only folders and files that are there', () => {
    const root = /`((?:plugins|server|client|test|docs|examples|fixtures|\.ci)\/[\w./-]*)`/g;
    const named = [...text.matchAll(root)].map(([, name = '']) => name);
    expect(named.filter((name) => !existsSync(name))).toEqual([]);
  });
});

it('ARCHITECTURE.md says of each dependency what it is for', () => {
  const named = tableRows('ARCHITECTURE.md', 'package')
    .join(' ')
    .split(/[\s,]+/);
  const peers = Object.keys(packageJson.peerDependencies);
  const all = [...Object.keys(packageJson.dependencies), ...peers];
  expect(all.filter((name) => !named.includes(name))).toEqual([]);
});

it('ARCHITECTURE.md names no file by its last part that is not there', () => {
  const text = readFileSync('ARCHITECTURE.md', 'utf8');
  const named = [...text.matchAll(/`((?:[\w-]+\/)*[\w-]+\.(?:ts|js))`/g)].map(
    ([, name]) => `/${name}`,
  );
  const files = ['plugins', 'server', 'client', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `/${folder}/${name}`),
  );
  const missing = named.filter((name) => !files.some((file) => file.endsWith(name)));
  expect(missing).toEqual([]);
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
