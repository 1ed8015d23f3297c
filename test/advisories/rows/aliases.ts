import { expect } from 'vitest';
import { parseTarget } from '../../../plugins/files/parse-target.ts';
import { isWindowsAlias } from '../../../plugins/files/windows-alias.ts';
import type { Advisory } from '../advisory.ts';
import { expectRefused } from '../arena/expect-refused.ts';

/** Other spellings of a path. */
export const aliases: readonly Advisory[] = [
  {
    ids: ['CVE-2025-62522', 'CVE-2026-53571'],
    product: 'vite',
    cause: 'a backslash, a stream ("::$DATA") or a short name (8.3) reached what was denied',
    promise: 'names that mean another file to Windows are refused on every system',
    async probe({ dev }) {
      const names = ['.env::$DATA', 'SERVER~1.KEY', 'app.js.', 'app.js ', 'con', 'NUL.txt', 'com1'];
      for (const name of names) expect(isWindowsAlias(name), name).toBe(true);
      for (const name of ['__proto__', 'constructor', 'toString', 'console', 'a~b', 'com0x']) {
        expect(isWindowsAlias(name), name).toBe(false);
      }
      await expectRefused(
        dev,
        names.map((name) => `/${encodeURIComponent(name)}`),
        404,
      );
      await expectRefused(dev, ['/app.js::$DATA', '/docs:x/guide.html', '/docs./guide.html'], 404);
      await expectRefused(dev, ['/docs\\guide.html', '/docs%5cguide.html', '/..\\canary.txt'], 400);
    },
  },
  {
    ids: ['GHSA-g7r4-m6w7-qqqr'],
    product: 'esbuild',
    cause: 'the path was cleaned by a function that knows "/" only',
    promise: 'a backslash, encoded or not, is answered 400 on every system',
    async probe({ dev }) {
      const paths = [
        '/\\',
        '/%5c',
        '/docs\\guide.html',
        '/docs%5Cguide.html',
        '/..\\..\\canary.txt',
      ];
      await expectRefused(dev, [...paths, '/%5c%5chost/share', '/docs/%5c..', '/lib/..%5c'], 400);
    },
  },
  {
    ids: ['CVE-2026-47429', 'CVE-2026-41612'],
    product: 'vitest, VS Code Live Preview',
    cause: 'a relative path, or an alias of Windows, led out of the root',
    promise: 'neither a drive nor a share nor a relative path is a way out',
    async probe({ dev }) {
      const shares = [
        '/\\\\?\\C:\\x',
        '//server/share/x',
        '/%5c%5cserver%5cshare',
        '///etc/passwd',
      ];
      await expectRefused(dev, [...shares, '/..\\canary.txt'], 400);
      const drives = [
        '/C:/Windows/win.ini',
        '/c:',
        '/C%3a/x',
        '/..;/canary.txt',
        '/@fs/etc/passwd',
      ];
      await expectRefused(dev, drives, 404);
      for (const target of ['../canary.txt', 'C:\\canary.txt', '..', './app.js']) {
        expect((await dev.get(target)).status, target).toBe(400);
      }
    },
  },
  {
    ids: ['GHSA-wr4h-v87w-p3r7', 'GHSA-72gr-qfp7-vwhw', 'CVE-2024-23340'],
    product: 'h3, @hono/node-server',
    cause: '"%252e%252e" was decoded twice; a URL type of their own left ".." as it was',
    promise: 'a path is decoded exactly once',
    async probe({ dev }) {
      expect(parseTarget('/%252e%252e/x')?.segments).toEqual(['%2e%2e', 'x']);
      const paths = [
        '/%252e%252e/canary.txt',
        '/%252eenv',
        '/%25%32%65env',
        '/a%2eb.txt',
        '/a.b.txt',
      ];
      const more = ['/%252e%252e%252fcanary.txt', '/docs%252fguide.html'];
      await expectRefused(dev, [...paths, ...more], 404);
      expect((await dev.ask('/a%252eb.txt')).text).toBe('a name with a percent sign');
    },
  },
];
