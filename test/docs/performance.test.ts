import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../bench/core/options.js';
import { TARGETS } from '../../bench/core/targets.js';
import packageJson from '../../package.json' with { type: 'json' };
import { type Runner, runBlocks } from '../support/docs/run-blocks.ts';

const DOCUMENT = 'docs/performance.md';
const text = readFileSync(DOCUMENT, 'utf8');
const suites = readdirSync('bench/suites').map((file) => file.replace(/\.js$/, ''));

/** To measure takes minutes, and peers that the suite does not install: what is typed has to be known. */
const bench: Runner = async (block) => {
  const scripts: Record<string, string> = packageJson.scripts;
  expect(scripts.bench).toBe('npm --prefix bench start --');
  const lines = block.text.trim().split('\n');
  const [install, ...commands] = lines.map((line) => line.replace(/\s*#.*/, ''));
  expect(install).toBe('npm run build && npm ci --prefix bench');
  for (const line of commands) {
    const [command, args = ''] = line.split(' -- ');
    expect(command).toBe('npm run bench');
    const defaults = { known: suites, quick: ['fan-out'], seed: 1 };
    expect(readOptions(args.split(' ').filter(Boolean), defaults).suites).not.toEqual([]);
  }
};

runBlocks(DOCUMENT, { bench });

describe(`the figures in ${DOCUMENT}`, () => {
  const passages = [...text.matchAll(/<!-- bench: ([\w-]+) -->\n([\s\S]*?)<!-- \/bench -->/g)];
  const shown = passages.map(([, name = '']) => name);
  const figures = passages.filter(([, name = '']) => !['machine', 'targets'].includes(name));

  it('each have a place of their own', () => {
    expect(new Set(shown).size).toBe(shown.length);
    expect(text.match(/<!-- bench:/g)).toHaveLength(shown.length);
  });

  it('are all measured, with a table and a chart', () => {
    const parts = (of: (name: string) => string) =>
      figures.filter(([, name = '', passage = '']) => !passage.includes(of(name)));
    expect(parts(() => '\n| dev-serve').map(([, name]) => name)).toEqual([
      'redis-cpu',
      'redis-node',
    ]);
    expect(parts((name) => `src="performance/${name}.svg"`)).toEqual([]);
    const charts = figures.map(([, name]) => `${name}.svg`).sort();
    expect(readdirSync('docs/performance').sort()).toEqual(charts);
  });

  it('are there for every target', () => {
    const isShown = (figures: string) => {
      const pattern = new RegExp(`^${figures.replaceAll('*', '[^-]+')}$`);
      return shown.some((name) => pattern.test(name));
    };
    expect(TARGETS.filter(({ figures }) => !isShown(figures))).toEqual([]);
  });
});

describe('the peers', () => {
  const read = (file: string) => JSON.parse(readFileSync(`bench/${file}`, 'utf8'));
  const { dependencies } = read('package.json');
  const { packages } = read('package-lock.json');

  it('are locked at the exact versions that the results name', () => {
    expect(packages[''].dependencies).toEqual(dependencies);
    expect(
      Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(`${version}`)),
    ).toEqual([]);
  });

  it('come from whatever registry there is', () => {
    const named = Object.values(packages).filter((entry) => Reflect.has(Object(entry), 'resolved'));
    expect(named).toEqual([]);
  });
});
