import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DevServeOptions } from '../../plugins/dev-serve-options.ts';
import watch, { type Change } from '../../plugins/watch.ts';
import { createDevServer } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const soon = { timeout: 20_000, interval: 5 };

/** A server on `site` below a folder with these files; options are given the path of that folder. */
async function serve(
  files: Readonly<Record<string, string>>,
  options: (folder: string) => Omit<DevServeOptions, 'root'>,
) {
  const folder = await temporarySite({ 'site/index.html': 'a', ...files });
  const seen: string[] = [];
  const server = await createDevServer({
    root: join(folder, 'site'),
    port: 0,
    host: '127.0.0.1',
    onChange: ({ operation, path }) => seen.push(`${operation} ${path}`),
    ...options(folder),
  });
  onTestFinished(() => server.close());
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const script = (await server.app.inject('/@dev-serve/client.js')).body;
  return { app: server.app, folder, seen, write, script };
}

/** Waits for these changes, then for one made after them. */
async function expectOnly(
  { seen, write }: Awaited<ReturnType<typeof serve>>,
  ...changes: string[]
): Promise<void> {
  await expect.poll(() => seen.toSorted(), soon).toEqual(changes.toSorted());
  await write('site/last.txt', String(seen.length));
  await expect.poll(() => seen.some((change) => change.endsWith(' /last.txt')), soon).toBe(true);
  const rest = seen.filter((change) => !change.endsWith('/last.txt'));
  expect(rest.toSorted()).toEqual(changes.toSorted());
  seen.length = 0;
}

describe('a mounted directory', () => {
  it('in node_modules is watched, with its own node_modules left out', async () => {
    const site = await serve(
      { 'site/node_modules/lit/index.js': 'a', 'site/node_modules/lit/node_modules/x/x.js': 'a' },
      (folder) => ({ mount: { '/lib': join(folder, 'site/node_modules/lit') } }),
    );
    await site.write('site/node_modules/lit/index.js', 'b');
    await site.write('site/node_modules/lit/node_modules/x/x.js', 'b');
    await expectOnly(site, 'write /lib/index.js');
  });

  it('in or around the root gives each file one change for each URL', async () => {
    const site = await serve({ 'site/css/a.css': 'a', 'src/b.js': 'a' }, (folder) => ({
      mount: { '/styles': join(folder, 'site/css'), '/all': folder },
      watch: [join(folder, 'src')],
    }));
    await site.write('site/css/a.css', 'b');
    await site.write('src/b.js', 'b');
    await expectOnly(
      site,
      'write /css/a.css',
      'write /styles/a.css',
      'write /all/site/css/a.css',
      'write /all/src/b.js',
    );
  });
});

describe('a directory of `watch`', () => {
  it('that .gitignore names is watched all the same, below the root and beside it', async () => {
    const site = await serve(
      {
        '.git/HEAD': '',
        '.gitignore': 'dist/\n/build/\n*.map\n',
        'site/dist/a.js': 'a',
        'build/t.html': 'a',
        'site/other/a.map': 'a',
      },
      (folder) => ({ watch: [join(folder, 'site/dist'), join(folder, 'build')] }),
    );
    await site.write('site/dist/a.js', 'b');
    await site.write('build/t.html', 'b');
    await site.write('site/other/a.map', 'b');
    await expectOnly(site, 'write /dist/a.js', 'write /build/t.html');
    expect(site.script).toContain('"watched":["/dist/","/build/"]');
  });

  it('that is a link is watched where it leads', async () => {
    const folder = await temporarySite({ 'real/a.html': 'a' });
    await symlink(join(folder, 'real'), join(folder, 'views'));
    const site = await serve({}, () => ({ watch: [join(folder, 'views')] }));
    await writeFile(join(folder, 'real/a.html'), 'b');
    await expectOnly(site, 'write /views/a.html');
  });
});

describe('a root that .gitignore names', () => {
  it('is watched', async () => {
    const site = await serve({ '.git/HEAD': '', '.gitignore': 'site\n' }, () => ({}));
    await site.write('site/index.html', 'b');
    await expectOnly(site, 'write /index.html');
  });
});

describe('the settings', () => {
  it('choose what is watched and announced', async () => {
    const site = await serve({ 'site/a.log': 'a', 'site/out/a.js': 'a' }, () => ({
      ignore: ['*.log'],
      exclude: ['drafts'],
      ignoreEvents: ['create', 'remove'],
      poll: 20,
    }));
    await site.write('site/a.log', 'b');
    await site.write('site/drafts/a.html', 'b');
    await site.write('site/new.html', 'a');
    await site.write('site/out/a.js', 'b');
    await expect.poll(() => site.seen, soon).toEqual(['write /out/a.js']);
  });
});

describe('the watch plugin by itself', () => {
  const register = async (options: object) => {
    const app = Fastify();
    onTestFinished(() => app.close());
    const root = await temporarySite({ 'a.html': 'a', '.gitignore': 'b.html\n' });
    const seen: Change[] = [];
    const onChange = (change: Change) => seen.push(change);
    await app.register(watch, { root, onChange, ...options });
    return { root, seen };
  };

  it('takes the same settings', async () => {
    const { root, seen } = await register({ exclude: ['c.html'], base: '/x', gitignore: true });
    for (const name of ['b', 'c', 'a']) await writeFile(join(root, `${name}.html`), 'b');
    await expect.poll(() => seen, soon).toEqual([{ operation: 'write', path: '/x/a.html' }]);
  });

  it.each([
    [{ ignore: ['*.map', ''] }, 'Option "ignore" must hold globs such as "*.map", not ""'],
    [{ include: '*.html' }, 'Option "include" must be an array of strings'],
    [{ exclude: ['[a'] }, 'Option "exclude" holds "[a", which is no glob'],
    [{ events: ['save'] }, 'Option "events" must be one of create, write, remove, rename, chmod'],
    [{ ignoreEvents: ['Write'] }, 'Option "ignoreEvents" must be one of'],
    [{ poll: 0 }, 'Option "poll" must be an integer of at least 1'],
    [{ poll: '100' }, 'Option "poll" must be an integer'],
    [{ gitignore: 'no' }, 'Option "gitignore" must be true or false'],
    [{ onNotice: 'log' }, 'Option "onNotice" must be a function'],
    [{ onIgnored: true }, 'Option "onIgnored" must be a function'],
  ])('refuses %j', async (options, message) => {
    await expect(register(options)).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_INVALID_OPTION',
      message: expect.stringContaining(message),
    });
  });
});

describe('a site that is read when the first request is answered', () => {
  it('has its pages reloaded for what went before that', async () => {
    const many = Array.from({ length: 400 }, (_, n) => [`site/a/${n}.html`, '']);
    const site = await serve({ ...Object.fromEntries(many), 'site/a/deep/x.css': '' }, () => ({}));
    const build = async () => {
      const headers = { accept: 'text/html', 'sec-fetch-dest': 'document' };
      const { body } = await site.app.inject({ url: '/', headers });
      return Number(/data-build="(\d+)"/.exec(body)?.[1]);
    };
    const before = await build();
    await rm(join(site.folder, 'site/a/deep/x.css'));
    await expect.poll(build, soon).toBeGreaterThan(before);
    site.seen.length = 0;
    await site.write('site/a/deep/y.css', 'a');
    await expectOnly(site, 'create /a/deep/y.css');
  });
});
