import { expect, onTestFinished } from 'vitest';
import { isHidden } from '../../../plugins/files/hidden.ts';
import { randomFrom, seed } from '../../support/random.ts';
import type { Advisory } from '../advisory.ts';
import { LocalTarget } from '../arena/arena.ts';
import { DENIED } from '../arena/folder.ts';

/** Queries by which other servers told apart what is to be checked from what is not. */
const QUERIES = [
  ...['?raw', '?raw??', '?raw&url', '?import&raw', '?import&raw??', '?import&?raw', '?inline'],
  ...['?url', '?import&?inline=1.wasm?init', '?.svg?.wasm?init', '?x.svg', '?meteorkitty&inline'],
  ...['?/../index.html', '?index.html', '?%00.js', '?a=1&raw=', '??', '?'],
];

/** What the router sees as one path, and a careless file layer as another. */
const spelt = (path: string) => [
  path.replace(/^\/\./, '/%2e'),
  path.replace(/^\/\./, '/%2E'),
  path.replace(/e/g, '%65'),
  path.replace(/\/(?=[^/]*$)/, '%2f'),
  path.replace(/\/(?=[^/]*$)/, '/./'),
  path.replace(/\/(?=[^/]*$)/, '//'),
  path.replace(/\/(?=[^/]*$)/, '%5C'),
  path.replace(/\/(?=[^/]*$)/, '/x/../'),
  path.replace(/\/(?=[^/]*$)/, '/%2e/'),
];

/** Checks before which a path was put right. */
export const access: readonly Advisory[] = [
  {
    ids: ['CVE-2025-30208', 'CVE-2025-31125', 'CVE-2025-31486', 'CVE-2026-39364', 'CVE-2024-45811'],
    product: 'vite',
    cause: 'the check went by patterns of the query that the reader of files took otherwise',
    promise: 'the query never changes which file is reachable',
    async probe({ dev }) {
      const random = randomFrom(seed);
      const pick = () => QUERIES[Math.floor(random() * QUERIES.length)] ?? '';
      const queries = Array.from({ length: 200 }, () => pick() + pick().replace('?', '&'));
      for (const path of DENIED) {
        const all = [...QUERIES, ...queries].map((query) => path + query);
        const statuses = (await dev.askAll(all)).map(({ status }) => status);
        expect(new Set(statuses), `${path}, TEST_SEED=${seed}`).toEqual(new Set([404]));
      }
    },
  },
  {
    ids: ['CVE-2025-46565', 'CVE-2023-34092'],
    product: 'vite',
    cause: 'a "/." at the end and "//" passed by the list of denied files',
    promise: 'a path that is not canonical is refused, and not put right and served',
    async probe({ dev }) {
      for (const path of [...DENIED, '/index.html', '/app.js', '/docs/guide.html']) {
        const odd = [`${path}/.`, `/${path}`, `/.${path}`, `/docs/..${path}`, `/x/%2e%2e${path}`];
        for (const { status } of await dev.askAll(odd)) expect(status, path).toBe(400);
      }
    },
  },
  {
    ids: ['CVE-2024-23331', 'CVE-2024-31207'],
    product: 'vite',
    cause: 'the list of denied files knew one case, and its patterns no folders',
    promise: 'files are denied in any case and in any folder, where hidden ones are served too',
    async probe({ dev, folder }) {
      const names = [
        '/.ENV',
        '/.Env.Local',
        '/.GIT/config',
        '/SERVER.KEY',
        '/upper.key',
        '/CERT.pem',
      ];
      const sensitive = [...DENIED, ...names, ...names.map((name) => `/docs${name}`)];
      for (const { status } of await dev.askAll(sensitive)) expect(status).toBe(404);
      const open = await LocalTarget.start({ root: folder.root, dotfiles: true });
      onTestFinished(() => open.end());
      for (const { status } of await open.askAll(sensitive)) expect(status).toBe(404);
    },
  },
  {
    ids: ['CVE-2018-3718', 'GHSA-wm7q-rxch-43mx', 'CVE-2019-5415', 'GHSA-48gc-5j93-5cfq'],
    product: 'serve',
    cause: 'rules for ignored files were tried before the path was decoded, or on "/./"',
    promise: 'a path is decoded once, judged, and opened as it was judged',
    async probe({ dev }) {
      for (const path of DENIED) {
        for (const { status } of await dev.askAll(spelt(path)))
          expect([400, 404]).toContain(status);
      }
    },
  },
  {
    ids: ['CVE-2018-3809'],
    product: 'serve',
    cause: 'rules for ignored files knew one case on disks that know none',
    promise: 'hidden names are hidden in any case',
    async probe({ dev }) {
      for (const name of ['.env', '.ENV', '.Git', '.nPmRc', '.WELL-KNOWN']) {
        expect(isHidden([name]), name).toBe(true);
        expect(isHidden(['docs', name]), name).toBe(true);
      }
      expect((await dev.ask('/.WELL-KNOWN/security.txt')).status).toBe(404);
      expect((await dev.ask('/.well-known/security.txt')).text).toBe('Contact: nobody');
    },
  },
  {
    ids: [
      ...['CVE-2026-6414', 'CVE-2026-29087', 'CVE-2026-29045', 'CVE-2026-39406'],
      ...['CVE-2026-54286', 'CVE-2025-64765'],
    ],
    product: '@fastify/static, hono, @hono/node-server, astro',
    cause: 'the router matched the path as it came, the file layer the decoded one',
    promise: 'an encoded separator is refused wherever it stands',
    async probe({ dev, proxied }) {
      const paths = ['/docs%2fguide.html', '/docs%2F.env', '/lib%2fa.txt', '//docs/guide.html'];
      const more = ['/docs%5Cguide.html', '/.well-known%2f.env', '/docs/%2fguide.html', '/%2f.env'];
      for (const { status } of await dev.askAll([...paths, ...more])) expect(status).toBe(400);
      // What is ours stays ours, however it is spelt.
      for (const path of ['/%40dev-serve/report', '/@dev%2dserve/x', '/@dev-serve%2fx']) {
        expect([400, 404]).toContain((await proxied.ask(path)).status);
      }
    },
  },
  {
    ids: ['CVE-2026-15074', 'CVE-2026-7120', 'GHSA-423g-23ch-w7c6'],
    product: '@fastify/static',
    cause: '"..", "%2e%2e", "." and "//" were put right after the guard had looked',
    promise: 'a detour is refused, even to what may be had directly',
    async probe({ dev, folder }) {
      const detours = [
        '/docs/../index.html',
        '/docs/%2e%2e/app.js',
        '/./app.js',
        '/docs//guide.html',
      ];
      const more = ['/docs/./guide.html', '/docs/%2E/guide.html', '/lib/../app.js', '/lib/./a.txt'];
      for (const { status } of await dev.askAll([...detours, ...more])) expect(status).toBe(400);
      expect((await dev.ask('/lib/a.txt')).text).toBe('mounted');
      expect(folder.root).not.toBe(folder.mounted);
    },
  },
  {
    ids: [],
    product: '@fastify/static 10.1.4 to 10.1.11',
    cause: 'a disk that folds case had aliases; the last path, behind links, was not judged',
    promise: 'a name is spelt as on the disk, and what a link leads to is judged too',
    async probe({ dev }) {
      const aliases = [
        '/INDEX.HTML',
        '/App.js',
        '/Docs/',
        '/docs/GUIDE.html',
        '/LIB/a.txt',
        '/lib/A.txt',
      ];
      for (const { status } of await dev.askAll(aliases)) expect(status).toBe(404);
      for (const { status } of await dev.askAll(['/visible.txt', '/visible-key.txt'])) {
        expect(status).toBe(404);
      }
      expect((await dev.ask('/inside.js')).text).toBe('globalThis.app = 1;\n');
    },
  },
];
