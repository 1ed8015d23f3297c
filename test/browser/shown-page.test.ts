import { describe, expect, it } from 'vitest';
import type { Change } from '../../client/protocol.ts';
import { hasChromium, useChromium } from '../support/chromium.ts';
import { openUpdatesPage, pageWith, type UpdatesPage } from '../support/updates-page.ts';

const chromium = useChromium();

/** What the page does about each change, written as `operation path` or `rename from path`. */
async function actsOf({ apply }: UpdatesPage, changes: readonly string[]) {
  const acts: Record<string, string[]> = { reload: [], swap: [], none: [] };
  for (const text of changes) {
    const [operation = '', first = '', second] = text.split(' ');
    const change: Partial<Change> & Pick<Change, 'path'> = second
      ? { operation, from: first, path: second }
      : { operation, path: first };
    acts[await apply(change)]?.push(text);
  }
  return acts;
}

async function expectActs(page: UpdatesPage, reload: string[], none: string[]): Promise<void> {
  expect(await actsOf(page, [...reload, ...none])).toEqual({ reload, swap: [], none });
}

describe.skipIf(!hasChromium)('a page follows the file that it is', () => {
  it('and no other page, unless that takes its place', async () => {
    const page = await openUpdatesPage(
      await chromium.newContext(),
      { '/a b/caf\u00e9': pageWith('', '<a href="/other.html">other</a>') },
      { path: '/a%20b/caf%C3%A9?q=1', file: '/a%20b/café.html' },
    );
    await expectActs(
      page,
      [
        'write /a%20b/caf%C3%A9.html',
        'remove /a%20b/caf%C3%A9.html',
        'create /a%20b/caf%C3%A9/index.html',
        'rename /old.html /a%20b/caf%C3%A9.html',
        'rename /a%20b/caf%C3%A9.html /new.html',
        'create /a%20b/caf%C3%A9',
      ],
      [
        'write /other.html',
        'create /other.html',
        'remove /index.html',
        'write /a%20b/caf%C3%A9/index.html',
        'create /a%20b/index.html',
        'rename /other.html /another.html',
        'create /404.html',
        'write /caf%C3%A9.html',
      ],
    );
  });

  it('below a prefix', async () => {
    const page = await openUpdatesPage(
      await chromium.newContext(),
      {
        '/docs/a/index.html': pageWith('<script src="/docs/a/app.js"></script>'),
        '/docs/a/app.js': '',
      },
      { path: '/docs/a/', file: '/docs/a/index.html', options: { base: '/docs/' } },
    );
    await expectActs(
      page,
      ['write /a/index.html', 'create /a.html', 'write /a/app.js'],
      ['write /index.html', 'write /docs/a/index.html', 'write /docs/a/app.js'],
    );
  });

  it('where that is a list of a folder', async () => {
    const page = await openUpdatesPage(
      await chromium.newContext(),
      { '/files/index.html': pageWith('') },
      { path: '/files/', file: '/files/' },
    );
    await expectActs(
      page,
      [
        'create /files/a.txt',
        'write /files/a.txt',
        'remove /files/a.txt',
        'create /files/index.html',
        'create /files/folder/a.txt',
        'rename /other.txt /files/b.txt',
        'rename /files/b.txt /other.txt',
      ],
      ['write /files/folder/a.txt', 'create /a.txt', 'create /files2/a.txt', 'write /index.html'],
    );
  });

  it('where that is shown in place of all that is missing', async () => {
    const page = await openUpdatesPage(
      await chromium.newContext(),
      { '/users/1': pageWith('') },
      { path: '/users/1', file: '/index.html' },
    );
    await expectActs(
      page,
      ['write /index.html', 'create /users/1.html', 'create /users/1/index.html'],
      ['write /users/index.html', 'create /users/2.html', 'create /users.html'],
    );
  });

  it('where that is missing', async () => {
    const page = await openUpdatesPage(
      await chromium.newContext(),
      { '/docs/no/such': pageWith('') },
      { path: '/docs/no/such', file: '/docs/404.html', status: 404 },
    );
    await expectActs(
      page,
      [
        'create /docs/no/such',
        'write /docs/no/such.html',
        'rename /a.html /docs/no/such/index.html',
        'create /docs/no/404.html',
        'write /docs/404.html',
        'remove /docs/404.html',
        'create /404.html',
      ],
      ['create /docs/no.html', 'create /other/404.html', 'write /index.html', 'remove /a.css'],
    );
  });
});

describe.skipIf(!hasChromium)('a page that an app has made', () => {
  const files = {
    '/': '',
    '/index.html': pageWith(
      '<link rel="stylesheet" href="/static/site.css">',
      '<img src="/static/a.png">',
    ),
    '/static/site.css': '',
    '/static/a.png': '',
  };
  const assets = [
    'write /x.css',
    'write /x.js',
    'remove /x.png',
    'create /x.woff2',
    'write /x.mp4',
  ];
  const sources = ['write /views/a.ejs', 'write /data.json', 'write /other.html', 'write /x.scss'];

  it('follows what it may be made of, and of assets only those that it loads', async () => {
    const page = await openUpdatesPage(await chromium.newContext(), files, { file: '' });
    await expectActs(page, sources, [...assets, 'write /x.css.map']);
    // An app may serve its folder at any path.
    for (const path of ['/static/site.css', '/site.css', '/static/a.png']) {
      expect(await page.apply({ path })).toBe('swap');
    }
    expect(await page.apply({ path: '/te.css' })).toBe('none');
  });

  it('follows all files where it comes from another server, whose paths may be others', async () => {
    const page = await openUpdatesPage(await chromium.newContext(), files, {
      file: '',
      options: { isProxied: true },
    });
    await expectActs(page, [...sources, ...assets], ['write /x.js.map']);
    for (const path of ['/app/static/site.css', '/site.css', '/shop/static/a.png']) {
      expect(await page.apply({ path })).toBe('swap');
    }
  });
});

describe.skipIf(!hasChromium)('files that are watched only', () => {
  it('reload each page', async () => {
    const page = await openUpdatesPage(
      await chromium.newContext(),
      {
        '/index.html': pageWith('<link rel="stylesheet" href="/views/a.css">'),
        '/views/a.css': '',
      },
      { options: { watched: ['/views/'] } },
    );
    await expectActs(
      page,
      [
        'write /views/a.css',
        'remove /views/b.ejs',
        'rename /views/a.txt /other.txt',
        'rename /other.txt /views/c.txt',
      ],
      ['write /views.css', 'chmod /views/a.css'],
    );
  });
});
