import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Ignores } from '../../plugins/files/ignores.ts';
import { folderWith } from './watch-folder.ts';

/** Git without the settings of whoever runs the tests. */
function git(root: string, args: readonly string[], input = ''): string {
  const env = { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
  try {
    return execFileSync('git', args, { cwd: root, input, env, encoding: 'utf8' });
  } catch (error) {
    // Its exit code when nothing is ignored.
    if (error instanceof Error && 'status' in error && error.status === 1) return '';
    throw error;
  }
}

async function repository(files: Record<string, string>): Promise<string> {
  const root = await folderWith(files);
  git(root, ['init', '--quiet']);
  return root;
}

/** What git ignores of these files. */
function ignoredByGit(root: string, paths: readonly string[]): string[] {
  const args = ['check-ignore', '--no-index', '-z', '--stdin'];
  return git(root, args, paths.join('\0')).split('\0').filter(Boolean);
}

const files = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, 'x']));

const SCENARIOS: Record<string, Record<string, string>> = {
  'names, paths and folders': {
    '.gitignore': '*.log\n/top.txt\nbuild/\ndocs/*.tmpl\n**/deep/er.js\n# a comment\n\n  \n',
    ...files('a.log', 'x/a.log', 'top.txt', 'x/top.txt', 'build/a', 'x/build/a', 'y/build'),
    ...files('docs/a.tmpl', 'docs/x/a.tmpl', 'deep/er.js', 'x/deep/er.js', '# a comment'),
  },
  negations: {
    '.gitignore': '*.log\n!keep.log\nout/\n!out/keep.txt\ndist/*\n!dist/keep.txt\n',
    ...files('a.log', 'keep.log', 'x/keep.log', 'out/keep.txt', 'dist/a', 'dist/keep.txt'),
  },
  'files of folders further down': {
    '.gitignore': '*.log\n/vendor\nlib/gen\n',
    'x/.gitignore': '!important.log\n/only-here\nsub/*.js\nanywhere\n',
    'vendor/.gitignore': '!kept\n',
    'lib/.gitignore': '!gen\n',
    ...files('a.log', 'important.log', 'x/important.log', 'x/y/important.log', 'x/y/a.log'),
    ...files('x/only-here', 'x/y/only-here', 'only-here', 'x/sub/a.js', 'x/y/sub/a.js'),
    ...files('anywhere', 'x/anywhere', 'x/y/anywhere', 'vendor/kept', 'lib/gen/a.js'),
  },
  'odd names and characters': {
    '.gitignore': '\uFEFF*.bom\r\n\\#hash\r\n\\!bang\r\nspace\\ \r\ntrail  \r\n[ab].js\nCASE\n',
    '[dir]/.gitignore': 'x\n/y/z\n',
    'd*r/.gitignore': '*.css\n',
    ...files('a.bom', '#hash', '!bang', 'space ', 'trail', 'a.js', 'c.js', 'case', 'CASE'),
    ...files('[dir]/x', '[dir]/sub/x', 'd/x', '[dir]/y/z', 'd*r/a.css', 'dir/a.css', 'dr/a.css'),
  },
  'rules that are none': {
    '.gitignore': '[\n/\n!\n***\n!a.txt\n!b/\n',
    ...files('a.txt', 'b/c.txt', 'c.txt'),
  },
};

describe('.gitignore', () => {
  it.each(Object.entries(SCENARIOS))('counts as git counts it: %s', async (_name, tree) => {
    const root = await repository(tree);
    const paths = Object.keys(tree).filter((path) => !path.endsWith('.gitignore'));
    const ignores = new Ignores(root);
    const ignored = paths.filter((path) => ignores.isIgnored(path, false));
    expect(ignored.toSorted()).toEqual(ignoredByGit(root, paths).toSorted());
  });

  it('of folders above the root counts too, up to the top of the repository', async () => {
    const top = await repository({
      '.gitignore': '*.log\n/site/only-site\n!x.log\n',
      'site/.gitignore': 'inner\n',
      'site/pages/.gitignore': '*.bak\n',
    });
    await writeFile(join(dirname(top), '.gitignore'), '*.html\n');
    await appendFile(join(top, '.git/info/exclude'), '*.excluded\n');
    const ignores = new Ignores(join(top, 'site/pages'));
    const isIgnored = (path: string) => ignores.isIgnored(path, false);
    for (const path of ['a.log', 'inner', 'deep/inner', 'a.bak', 'a.excluded']) {
      expect(isIgnored(path), path).toBe(true);
    }
    for (const path of ['x.log', 'only-site', 'a.html']) expect(isIgnored(path), path).toBe(false);
  });

  it('of a worktree or submodule is completed by the repository that it belongs to', async () => {
    const top = await folderWith({
      'repo/info/exclude': 'secret\n',
      'repo/worktrees/a/commondir': '../..\n',
      'a/.git': 'gitdir: ../repo/worktrees/a\n',
      'b/.git': 'gitdir: ../repo\n',
    });
    for (const name of ['a', 'b']) {
      expect(new Ignores(join(top, name)).isIgnored('secret', false)).toBe(true);
    }
  });

  it('without a repository counts from the root down', async () => {
    const top = await folderWith({ '.gitignore': 'a\n', 'site/.gitignore': 'b\n' });
    const ignores = new Ignores(join(top, 'site'));
    expect(ignores.isIgnored('a', false)).toBe(false);
    expect(ignores.isIgnored('b', false)).toBe(true);
  });

  it.each(['dist/\n', '*\n', 'd*\n!d*/keep\n'])(
    'that ignores the root itself (%j) says nothing of what is in it',
    async (rules) => {
      const top = await repository({ '.gitignore': rules, 'dist/sub/.gitignore': '*.map\n' });
      const ignores = new Ignores(join(top, 'dist'));
      expect(ignores.isIgnored('index.html', false)).toBe(false);
      expect(ignores.isIgnored('sub/a.js', false)).toBe(false);
      expect(ignores.isIgnored('sub/a.map', false)).toBe(true);
    },
  );

  it('with which a tool hides its own output does not empty the root', async () => {
    const root = await repository({ '.gitignore': '# made by a tool\n*\n', 'a/.gitignore': '*\n' });
    const ignores = new Ignores(root);
    expect(ignores.isIgnored('index.html', false)).toBe(false);
    expect(ignores.isIgnored('a/b', false)).toBe(true);
  });

  it('is not read when it is switched off', async () => {
    const root = await repository({ '.gitignore': 'a\n' });
    expect(new Ignores(root, { gitignore: false }).isIgnored('a', false)).toBe(false);
  });

  it('says nothing of a folder that is watched by wish', async () => {
    const root = await repository({
      '.gitignore': 'dist/\n*.map\n',
      'dist/site/.gitignore': '*.tmpl\n',
    });
    const kept = ['dist/site', 'node_modules/lit'];
    const ignores = new Ignores(root, { kept });
    const isIgnored = (path: string, isDirectory = false) => ignores.isIgnored(path, isDirectory);
    for (const path of ['dist', 'dist/site', 'node_modules', 'node_modules/lit']) {
      expect(isIgnored(path, true), path).toBe(false);
    }
    expect(isIgnored('dist/site/a.js')).toBe(false);
    expect(isIgnored('dist/site/a.tmpl')).toBe(true);
    expect(isIgnored('dist/other.js')).toBe(true);
    expect(isIgnored('node_modules/lit/index.js')).toBe(false);
    expect(isIgnored('node_modules/lit/node_modules', true)).toBe(true);
    expect(isIgnored('node_modules/vue', true)).toBe(true);
  });
});

describe('the reason', () => {
  it('names what ignores a path', async () => {
    const top = await repository({ '.gitignore': '*.log\n', 'site/blog/.gitignore': '/out/\n' });
    await mkdir(join(top, 'site/blog/out'), { recursive: true });
    const told: string[] = [];
    const ignores = new Ignores(join(top, 'site'), {
      ignore: ['*.map'],
      ignored: (path) => path === 'mine',
      onIgnored: (path, reason) => told.push(`${path}: ${reason}`),
    });
    for (const path of ['.env', 'node_modules/x/y', 'a~', 'a.map', 'a.log', 'mine', 'a.html']) {
      ignores.isIgnored(path, false);
      ignores.isIgnored(path, false);
    }
    ignores.isIgnored('blog/out', true);
    expect(told).toEqual([
      '.env: dot name',
      'node_modules/x/y: default: node_modules',
      'a~: default: temporary file',
      'a.map: --ignore *.map',
      'a.log: gitignore ../.gitignore: *.log',
      'mine: left to another watch or to the app',
      'blog/out: gitignore blog/.gitignore: /out/',
    ]);
  });
});
