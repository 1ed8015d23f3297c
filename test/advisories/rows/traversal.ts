import { join } from 'node:path';
import { expect } from 'vitest';
import { relativeWithin } from '../../../plugins/files/contain.ts';
import type { Advisory } from '../advisory.ts';
import { expectRefused } from '../arena/expect-refused.ts';

/** `/../`, `/%2e%2e/` and their kin, in front of a path. */
const climbing = (path: string) => [
  ...[`/..${path}`, `/../..${path}`, `/%2e%2e${path}`, `/%2E%2e${path}`, `/.%2e${path}`],
  ...[
    `/..%2f${path.slice(1)}`,
    `/%2e%2e%2f${path.slice(1)}`,
    `/docs/../..${path}`,
    `/...//..${path}`,
  ],
  ...[
    `/docs/%2e%2e/%2e%2e${path}`,
    `/lib/..${path}`,
    `/lib/%2e%2e${path}`,
    `/@dev-serve/..${path}`,
  ],
];

/** Ways out of the root. */
export const traversal: readonly Advisory[] = [
  {
    ids: ['CVE-2025-32395'],
    product: 'vite',
    cause: 'a "#" in the request-target was passed on by Node, and cut elsewhere later',
    promise: 'a target that holds "#", or does not begin with "/", is answered 400',
    async probe({ dev }) {
      const odd = ['/#/../.env', '/app.js#', '/index.html#?x', '/docs/#/../../canary.txt', '/?#'];
      for (const target of [
        ...odd,
        'app.js',
        '*',
        '.',
        `http://${dev.host}/app.js`,
        'file:///etc/x',
      ]) {
        expect((await dev.get(target)).status, target).toBe(400);
      }
    },
  },
  {
    ids: ['CVE-2025-58751', 'GHSA-g4jq-h2w9-997c'],
    product: 'vite, sirv',
    cause: 'the path was compared with that of the public folder by its beginning',
    promise: 'a folder whose name begins with that of the root is outside',
    async probe({ dev, folder }) {
      expect(relativeWithin('/x/site', '/x/site-secrets/a')).toBeUndefined();
      expect(relativeWithin('/x/site', '/x/sit')).toBeUndefined();
      expect(relativeWithin('/x/site', '/x/site/..a')).toBe('..a');
      expect(relativeWithin(folder.root, join(folder.path, 'site-secrets'))).toBeUndefined();
      await expectRefused(dev, ['/../site-secrets/canary.txt', '/-secrets/canary.txt'], 400, 404);
      await expectRefused(dev, ['/out/', '/out/canary.txt', '/out/index.html'], 404);
    },
  },
  {
    ids: ['CVE-2014-6394'],
    product: 'send',
    cause: '"public-restricted" passed the check for "public"',
    promise: 'what lies beside a mounted folder is not below its path',
    async probe({ dev }) {
      const paths = [
        '/lib-secrets/canary.txt',
        '/lib/../mounted-secrets/canary.txt',
        '/lib-secrets/',
      ];
      await expectRefused(dev, paths, 400, 404);
      await expectRefused(dev, ['/lib/..-secrets/canary.txt', '/lib/-secrets/canary.txt'], 404);
    },
  },
  {
    ids: ['CVE-2026-39365', 'GHSA-4w7w-66w2-5vf9'],
    product: 'vite',
    cause: 'the handler of ".map" files joined "../" to a folder without a look',
    promise: 'routes of our own lead to no file',
    async probe({ dev }) {
      const own = [
        'client.js.map',
        'client.js/../../app.js',
        'status.js.map',
        '../app.js',
        'app.js',
      ];
      const more = ['%2e%2e/.env', '..%2f..%2fcanary.txt', 'client.js/x', 'x/client.js', '.env'];
      const paths = [...own, ...more].map((path) => `/@dev-serve/${path}`);
      await expectRefused(dev, paths, 400, 404);
    },
  },
  {
    ids: ['CVE-2024-29180', 'CVE-2026-76844'],
    product: 'webpack-dev-middleware',
    cause: 'the URL was joined to the folder before it was decoded and put right',
    promise: 'no spelling of ".." leads out',
    probe: async ({ dev }) => expectRefused(dev, climbing('/canary.txt'), 400),
  },
  {
    ids: ['CVE-2018-3712', 'CVE-2019-5417'],
    product: 'serve',
    cause: '"%2e" and "%2f" reached the disk',
    promise: 'neither an encoded dot nor an encoded slash leads out',
    async probe({ dev, command }) {
      const paths = [
        '/%2e%2e%2fcanary.txt',
        '/%2e%2e/canary.txt',
        '/..%2Fcanary.txt',
        '/%2f..%2fx',
      ];
      await expectRefused(dev, paths, 400);
      await expectRefused(command, [...paths, ...climbing('/site-secrets/canary.txt')], 400);
    },
  },
];
