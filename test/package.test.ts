import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const subpaths = Object.keys(packageJson.exports).filter((path) => path !== './package.json');
const specifiers = subpaths.map((path) => path.replace('.', packageJson.name));

/** What `npm pack --json` reports. */
interface Pack {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let consumer: string;
let installed: string;
let packed: string[];

/** Installs what `npm pack` makes beside the declared dependencies, and nothing else. */
beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), 'dev-serve-consumer-'));
  installed = join(consumer, 'node_modules', packageJson.name);
  mkdirSync(installed, { recursive: true });
  // Without scripts: the build has run, and a second one would pull dist/ from under other tests.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', consumer];
  const [pack]: [Pack] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', stdio: 'pipe' }));
  packed = pack.files.map(({ path }) => path);
  const tarball = join(consumer, pack.filename);
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  for (const name of [...Object.keys(packageJson.dependencies), '@types/node']) link(name);
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

describe('the packed package', () => {
  it('holds the built files and what npm asks for, nothing else', () => {
    const expected = /^(dist\/.+(?<!\.(test|spec))\.(js|d\.ts)|package\.json|[A-Z]+(\.md)?)$/;
    const command = /^dist\/server\/(cli\.cjs|command\.(cjs|LICENSES\.txt))$/;
    const others = packed.filter((path) => !expected.test(path) && !command.test(path));
    expect(others).toEqual([]);
    // It is in command.cjs.
    expect(packed.filter((path) => path.startsWith('dist/server/cli/'))).toEqual([]);
    expect(packed).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
  });

  it('T1: holds no key and no path of the machine that built it', () => {
    const leaks = packed.filter((path) => {
      const text = readFileSync(join(installed, path), 'utf8');
      return text.includes(resolve('.')) || /BEGIN [A-Z ]*PRIVATE KEY/.test(text);
    });
    expect(leaks).toEqual([]);
  });

  it('lets a program import each of its paths', () => {
    const program = `for (const specifier of process.argv.slice(1)) {
      const hasNames = (all) => Object.keys(all).length > 0;
      console.log(specifier, await import(specifier).then(hasNames, ({ message }) => message));
    }`;
    const lines = run('--input-type=module', '--eval', program, ...specifiers)
      .trim()
      .split('\n');
    expect(lines).toEqual(specifiers.map((specifier) => `${specifier} true`));
  });

  // npx links to the path that the command had when it installed it: the former one stays.
  it.each([packageJson.bin['dev-serve'], 'dist/server/cli.js'])(
    'brings its command as %s',
    (path) => {
      const command = join(installed, path);
      expect(run(command, '--version').trim()).toContain(packageJson.version);
      expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
      expect(statSync(command).mode & 0o111).toBe(0o111);
    },
  );

  it('tells of each package that its command is made of which version it is, and its licence', () => {
    const told = notices();
    const names = new Set(told.map(({ name }) => name));
    expect([...names].toSorted()).toEqual(bundled());
    const isFree = ({ licence }: Notice) => /^(MIT|ISC|BSD-\d-Clause)$/.test(licence);
    expect(told.filter((notice) => !isFree(notice))).toEqual([]);
    const isLeftOut = ({ name, text }: Notice) => text === '' && hasLicenceFile(name);
    expect(told.filter(isLeftOut)).toEqual([]);
  });

  it('makes its command of versions that its package.json asks for', () => {
    const { dependencies, devDependencies } = packageJson;
    const asked = new Map(Object.entries({ ...dependencies, ...devDependencies }));
    const direct = notices().filter(({ name }) => asked.has(name));
    expect(direct.length).toBeGreaterThan(5);
    const isOther = ({ name, version }: Notice) => !isWithin(version, asked.get(name) ?? '');
    expect(direct.filter(isOther)).toEqual([]);
  });

  it('brings types that a strict program compiles against', () => {
    const imports = specifiers.map((name, index) => `import * as all${index} from '${name}';`);
    const uses = specifiers.map((_, index) => `export const used${index}: object = all${index};`);
    const app = `
      import Fastify from 'fastify';
      import devServe from 'dev-serve';
      import sse from 'dev-serve/sse';
      const app = Fastify();
      await app.register(devServe, { root: 'public' });
      await app.register(sse);
      app.get('/news', (_request, reply) => reply.sse(app.channel('news')));
      // @ts-expect-error: the root has to be a string.
      await app.register(devServe, { root: 1 });
    `;
    writeFileSync(join(consumer, 'all.ts'), [...imports, ...uses].join('\n'));
    writeFileSync(join(consumer, 'app.ts'), app);
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
    const more = ['--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--types', 'node'];
    const tsc = resolve('node_modules/typescript/bin/tsc');
    expect(run(tsc, ...options, ...more, 'all.ts', 'app.ts')).toBe('');
  });
});

/** What is told of a package inside of the command. */
interface Notice {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

function notices(): Notice[] {
  const text = readFileSync(join(installed, 'dist/server/command.LICENSES.txt'), 'utf8');
  return text
    .split(/^-{80}\n/m)
    .slice(1)
    .map((notice) => {
      const [, name = '', version = '', licence = '', rest = ''] =
        /^(\S+) (\S+): ([^\n]*)\n(.*)$/s.exec(notice) ?? [];
      return { name, version, licence, text: rest.trim() };
    });
}

/** The names of the packages in the command: esbuild says of each file where it is from. */
function bundled(): string[] {
  const text = readFileSync(join(installed, 'dist/server/command.cjs'), 'utf8');
  const sources = /^ *\/\/ (?:\S*\/)?node_modules\/((?:@[^/]+\/)?[^/\s]+)\//gm;
  return [...new Set([...text.matchAll(sources)].map(([, name = '']) => name))].toSorted();
}

function hasLicenceFile(name: string): boolean {
  return readdirSync(resolve('node_modules', name)).some((file) => /^licen[cs]e/i.test(file));
}

/** Whether a version is in a range like `^1.2.3`. */
function isWithin(version: string, range: string): boolean {
  const [, least = '', major] = /^\^(([1-9]\d*)\.\d+\.\d+)$/.exec(range) ?? expect.fail(range);
  const isOld = version.localeCompare(least, 'en', { numeric: true }) < 0;
  return !isOld && version.startsWith(`${major}.`);
}

function link(name: string): void {
  const path = join(consumer, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(resolve('node_modules', name), path, 'dir');
}

/** Runs Node in the consumer's folder; what it prints, errors included. */
function run(...args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: consumer, encoding: 'utf8' });
  return stdout + stderr;
}
