import { expect, onTestFinished } from 'vitest';
import type { Advisory } from '../advisory.ts';
import { LocalTarget } from '../arena/arena.ts';

const PAGE = { accept: 'text/html', 'sec-fetch-dest': 'document' };

/** Handlers and links that get past the one place where a path is judged. */
export const links: readonly Advisory[] = [
  {
    ids: [],
    aliases: ['huntr 1809'],
    product: 'live-server',
    cause: 'links were followed out of the root',
    promise: 'a link out of the root is missing, and so is one to nothing or to itself',
    async probe({ dev, command }) {
      const outside = [
        '/out.txt',
        '/chain.txt',
        '/absolute.txt',
        '/out',
        '/out/',
        '/out/canary.txt',
      ];
      for (const target of [dev, command]) {
        const all = [...outside, '/page', '/page.html', '/loop.txt', '/dangling.txt'];
        for (const { status } of await target.askAll(all)) expect(status).toBe(404);
        expect((await target.ask('/inside.js')).status).toBe(200);
      }
    },
  },
  {
    ids: ['CVE-2025-58752', 'GHSA-jqfw-vq24-v9c3'],
    product: 'vite',
    cause: 'the handler of HTML did not apply the rules for files',
    promise: 'pages, indexes, lists, fallbacks and mounts keep to the same rules as files',
    async probe({ dev, folder }) {
      const spa = await LocalTarget.start({
        ...{ root: `${folder.root}/linked-index`, spa: true },
        mount: { '/m': folder.root, '/events': folder.root, '/outside': `${folder.root}/list` },
        eventPath: '/stream',
      });
      onTestFinished(() => spa.end());
      const hidden = [
        '/.env',
        '/.git/config',
        '/server.key',
        '/out.txt',
        '/out/',
        '/visible-key.txt',
      ];
      const pages = [
        '/page',
        '/page.html',
        '/linked-index/index.html',
        '/linked-404/x/y',
        '/.env.local',
      ];
      for (const headers of [PAGE, { accept: '*/*' }]) {
        for (const { status } of await dev.askAll([...hidden, ...pages], { headers })) {
          expect(status).toBe(404);
        }
        const mounted = ['/m', '/events'].flatMap((path) => hidden.map((name) => path + name));
        for (const path of [...mounted, '/', '/view', '/index.html', '/deep/view/']) {
          expect((await spa.ask(path, { headers })).status, path).toBe(404);
        }
      }
      const { text } = await dev.ask('/linked-index/', { headers: PAGE });
      expect(text).not.toContain('index.html');
      // No coding that lies beside a file is chosen in its place.
      for (const path of ['/app.js.gz', '/app.js.br'])
        expect((await dev.ask(path)).status).toBe(404);
    },
  },
];
