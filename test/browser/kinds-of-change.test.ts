import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevServer, type DevServer } from '../../server/create-dev-server.ts';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

/** Changes of files below one folder. */
interface Folder {
  write(path: string, text: string): Promise<void>;
  path(path: string): string;
}

interface Kind {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly change: (folder: Folder) => Promise<unknown>;
  /** What the tab shows in the end: its title, to which scripts have added, a colour, a width. */
  readonly shows: string;
  /** Reloads; of a burst that goes on for longer than a reload takes, the most there may be. */
  readonly reloads?: number;
  readonly reloadsAtMost?: number;
}

const page = (title: string, ...elements: string[]) =>
  `<!doctype html><title>${title}</title>${elements.join('')}`;
const script = (name: string) => `<script src="${name}"></script>`;
const adds = (text: string) => `document.title += ' ${text}';`;
const picture = (width: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="9"/>`;

const one = { 'index.html': page('one') };
const withScript = { 'index.html': page('one', script('a.js')), 'a.js': adds('1') };
const names = Array.from({ length: 50 }, (_, index) => `${index}.js`);

const SHOWN: readonly Kind[] = [
  {
    name: 'a page that is written in place',
    files: one,
    change: ({ write }) => write('index.html', page('two')),
    shows: 'two',
    reloads: 1,
  },
  {
    name: 'a page that is written beside its place and moved there',
    files: one,
    async change({ write, path }) {
      await write('index.html.tmp', page('two'));
      await rename(path('index.html.tmp'), path('index.html'));
    },
    shows: 'two',
    reloads: 1,
  },
  {
    name: 'a page that is moved to a backup and written anew, as by vim',
    files: one,
    async change({ write, path }) {
      await rename(path('index.html'), path('index.html~'));
      await write('index.html', page('two'));
      await rm(path('index.html~'));
    },
    shows: 'two',
    reloads: 1,
  },
  {
    name: 'an image',
    files: { 'index.html': page('one', '<img src="a.svg">'), 'a.svg': picture(10) },
    change: ({ write }) => write('a.svg', picture(20)),
    shows: 'one, 20 wide',
    reloadsAtMost: 1,
  },
  {
    name: 'a file that is emptied, and written 200 ms later',
    files: withScript,
    async change({ write }) {
      await write('a.js', '');
      await pause(200);
      await write('a.js', adds('2'));
    },
    shows: 'one 2',
    reloads: 1,
  },
  {
    name: 'a file that is written in 10 parts within 500 ms',
    files: withScript,
    async change({ write }) {
      for (let part = 1; part <= 10; part++) {
        await write('a.js', adds('2').padEnd(part * 100, ' ') + '/* */'.repeat(part));
        await pause(50);
      }
    },
    shows: 'one 2',
    reloadsAtMost: 3,
  },
  {
    name: '50 files at once',
    files: {
      'index.html': page('one', ...names.map(script)),
      ...Object.fromEntries(names.map((name) => [name, ''])),
    },
    change: ({ write }) => Promise.all(names.map((name) => write(name, adds(name)))),
    shows: `one ${names.join(' ')}`,
    reloads: 1,
  },
  {
    name: '20 saves, 60 ms apart',
    files: one,
    async change({ write }) {
      for (let save = 1; save <= 20; save++) {
        await write('index.html', page(`save ${save}`));
        await pause(60);
      }
    },
    shows: 'save 20',
    reloadsAtMost: 4,
  },
  {
    name: 'a page and its stylesheet within a millisecond',
    files: { 'index.html': page('one', '<link rel="stylesheet" href="a.css">'), 'a.css': '' },
    change: ({ write }) =>
      Promise.all([
        write('index.html', page('two', '<link rel="stylesheet" href="a.css">')),
        write('a.css', 'html { color: red }'),
      ]),
    shows: 'two, rgb(255, 0, 0)',
    reloads: 1,
  },
  {
    name: 'a new file that the page has asked for',
    files: { 'index.html': page('one', script('new.js')) },
    change: ({ write }) => write('new.js', adds('new')),
    shows: 'one new',
    reloads: 1,
  },
  {
    name: 'a new folder and a file in it at once',
    files: { 'index.html': page('one', script('new/a.js')) },
    change: ({ write }) => write('new/a.js', adds('new')),
    shows: 'one new',
    reloads: 1,
  },
  {
    name: 'an edit in a folder that is new',
    files: { 'index.html': page('one', script('new/a.js')) },
    async change({ write }) {
      await write('new/a.js', adds('new'));
      await pause(100);
      await write('new/a.js', adds('edited'));
    },
    shows: 'one edited',
    reloadsAtMost: 2,
  },
  {
    name: 'a file that is deleted',
    files: withScript,
    change: ({ path }) => rm(path('a.js')),
    shows: 'one',
    reloads: 1,
  },
  {
    name: 'a file that is renamed',
    files: {
      'index.html': page('one', script('old.js'), script('new.js')),
      'old.js': adds('code'),
    },
    async change({ write, path }) {
      await write('old.js', adds('changed'));
      await rename(path('old.js'), path('new.js'));
    },
    shows: 'one changed',
    reloads: 1,
  },
  {
    name: 'a file behind a link to a folder',
    files: { 'index.html': page('one', script('link/a.js')), 'real/a.js': adds('1') },
    change: ({ write }) => write('real/a.js', adds('2')),
    shows: 'one 2',
    reloads: 1,
  },
];

const LEFT_OUT = [
  'node_modules/a.js',
  '.git/HEAD',
  'ignored/a.js',
  '.a.js.swp',
  '#a.js#',
  'a.js~',
] as const;

/** What is no change of `a.js`, or of what is watched. */
const SILENT: readonly (readonly [name: string, change: Kind['change']])[] = [
  ['its time is set', ({ path }) => utimes(path('a.js'), new Date(), new Date())],
  ['its bytes are written again', ({ write }) => write('a.js', adds('1'))],
  [
    'its bytes are moved to its place',
    async ({ write, path }) => {
      await write('a.js.tmp', adds('1'));
      await rename(path('a.js.tmp'), path('a.js'));
    },
  ],
  ['its mode is set', ({ path }) => chmod(path('a.js'), 0o600)],
  ...LEFT_OUT.map((name): [string, Kind['change']] => [
    `${name} changes`,
    ({ write }) => write(name, adds('2')),
  ]),
];
const SILENT_FILES = {
  'index.html': page('one', ...['a.js', ...LEFT_OUT].map(encodeURIComponent).map(script)),
  'a.js': adds('1'),
  '.gitignore': 'ignored/\n',
  ...Object.fromEntries(LEFT_OUT.map((name) => [name, ''])),
};

const folderOf = (kind: Kind) => `kind-${SHOWN.indexOf(kind)}`;

async function show(tab: Page): Promise<string> {
  return tab.evaluate(() => {
    const [image] = document.images;
    const { color } = getComputedStyle(document.documentElement);
    const parts = [document.title];
    if (image) parts.push(`${image.naturalWidth} wide`);
    if (color !== 'rgb(0, 0, 0)') parts.push(color);
    return parts.join(', ');
  });
}

async function open(url: string) {
  const context = await chromium.newContext();
  const tab = await context.newPage();
  await tab.goto(url);
  // A page that is just being loaded again cannot be asked.
  const shown = () => show(tab).catch(() => 'nothing');
  return { tab, shown, count: countLoads(tab) };
}

describe.skipIf(!hasChromium)('a change', () => {
  let parent = '';
  let server: DevServer | undefined;
  let url = '';
  const attempts = new Map<Kind, number>();
  const inFolder = (folder: string): Folder => {
    const path = (name: string) => join(parent, '.cache/site', folder, name);
    const write = async (name: string, text: string) => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
    };
    return { path, write };
  };

  const fill = async (folder: string, files: Kind['files']) => {
    const { write, path } = inFolder(folder);
    for (const [name, text] of Object.entries(files)) await write(name, text);
    if ('real/a.js' in files) await symlink('real', path('link'));
  };

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'dev-serve-'));
    for (const kind of SHOWN) await fill(folderOf(kind), kind.files);
    await fill('silent', SILENT_FILES);
    await inFolder('').write('index.html', page('one'));
    const root = inFolder('').path('');
    server = await createDevServer({ root, host: '127.0.0.1', port: 0 });
    url = await server.listen();
  });
  afterAll(async () => {
    await server?.close();
    await rm(parent, { recursive: true, force: true });
  });

  // What belongs together comes apart where a busy machine takes longer for a step of it.
  it.for(SHOWN)('of $name is shown', { retry: 3 }, async (kind) => {
    const attempt = attempts.get(kind) ?? 0;
    attempts.set(kind, attempt + 1);
    const folder = attempt === 0 ? folderOf(kind) : `${folderOf(kind)}-${attempt}`;
    if (attempt > 0) {
      await fill(folder, kind.files);
      await quietWindow(1000);
    }
    const { count, shown } = await open(`${url}${folder}/`);
    const begun = performance.now();
    await kind.change(inFolder(folder));
    await expect.poll(shown, soon).toBe(kind.shows);
    const halfSeconds = Math.floor((performance.now() - begun) / 500);
    await quietWindow(250);
    await expect.poll(shown, soon).toBe(kind.shows);
    const { reloads = 0, reloadsAtMost } = kind;
    expect(count.loads).toBeGreaterThanOrEqual(reloads);
    expect(count.loads).toBeLessThanOrEqual(reloadsAtMost ?? reloads + halfSeconds);
  });

  it('that is none is silent', async () => {
    const { count, shown } = await open(`${url}silent/`);
    const folder = inFolder('silent');
    for (const [name, change] of SILENT) {
      await change(folder);
      await quietWindow(150);
      expect(count.loads, name).toBe(0);
    }
    expect(await shown()).toBe('one 1');
    // The page does follow what is a change.
    await folder.write('index.html', page('the end'));
    await expect.poll(shown, soon).toBe('the end');
    expect(count.loads).toBe(1);
  });

  it('below a folder with a dot in front is shown', async () => {
    const { count, shown } = await open(url);
    await inFolder('').write('index.html', page('two'));
    await expect.poll(shown, soon).toBe('two');
    await quietWindow(250);
    expect(count.loads).toBe(1);
  });

  it('of a folder that is deleted and made again is shown, and so is an edit in it', async () => {
    const site = await LiveSite.start(withScript);
    const { count, shown } = await open(site.url);
    await rm(site.root, { recursive: true });
    await pause(200);
    expect(await shown()).toBe('one 1');
    await site.write('a.js', adds('2'));
    await site.write('index.html', page('made again', script('a.js')));
    await expect.poll(shown, soon).toBe('made again 2');
    await quietWindow(250);
    expect(count.loads).toBe(1);
    await site.write('a.js', adds('3'));
    await expect.poll(shown, soon).toBe('made again 3');
    await quietWindow(250);
    expect(count.loads).toBe(2);
  });

  it.each(['the option', 'the variable CHOKIDAR_USEPOLLING'])(
    'that polling by %s finds is shown',
    async (means) => {
      if (means !== 'the option') process.env.CHOKIDAR_USEPOLLING = '1';
      try {
        const poll = means === 'the option' ? 30 : false;
        const site = await LiveSite.start(withScript, { poll });
        const { count, shown } = await open(site.url);
        await site.write('a.js', adds('2'));
        await expect.poll(shown, soon).toBe('one 2');
        await quietWindow(250);
        expect(count.loads).toBe(1);
      } finally {
        delete process.env.CHOKIDAR_USEPOLLING;
      }
    },
  );
});
