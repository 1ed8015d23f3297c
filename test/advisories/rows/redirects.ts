import { expect } from 'vitest';
import type { Advisory } from '../advisory.ts';

/** A path of the own site: neither a scheme, nor "//", nor a slash with a backslash. */
const OWN_PLACE = /^(?:\.{1,2}\/(?![/\\])[^?\\]*|\/@dev-serve\/)(?:\?.*)?$/;
const PAGE = { accept: 'text/html', 'sec-fetch-dest': 'document' };

/** Where a redirect leads to, and what is said with it. */
export const redirects: readonly Advisory[] = [
  {
    ids: ['GHSA-9q64-mpxx-87fg', 'CVE-2015-1164', 'CVE-2021-22963', 'GHSA-fp4x-ggrf-wmc6'],
    product: 'http-server, serve-static, fastify-static, h3',
    cause: 'a redirect could begin with "//host", out of the path or out of the Referer',
    promise: 'a redirect stays on the site',
    async probe({ dev }) {
      const elsewhere = [
        '//evil.example/..',
        '//evil.example/%2e%2e',
        '///evil.example',
        '/\\evil.example',
      ];
      const more = ['/%5cevil.example/..', '/%2f%2fevil.example', '//evil.example//docs', '//docs'];
      for (const { status, headers } of await dev.askAll([...elsewhere, ...more])) {
        expect([status, headers.location]).toEqual([400, undefined]);
      }
      const folders = [
        '/docs',
        '/__proto__',
        '/lib',
        '/list',
        '/@dev-serve',
        '/docs?//evil.example',
      ];
      const referer = {
        host: 'localhost',
        referer: '//evil.example',
        'x-forwarded-host': 'evil.example',
      };
      for (const path of [
        ...folders,
        '/docs/guide/',
        '/docs?\\evil.example',
        '/docs?http://evil.example/',
      ]) {
        const { status, headers } = await dev.ask(path, { headers: referer });
        expect([301, 302], path).toContain(status);
        expect(headers.location, path).toMatch(OWN_PLACE);
        expect(headers['cache-control']).toBe('no-store');
      }
    },
  },
  {
    ids: ['CVE-2019-10775', 'CVE-2021-22964'],
    product: 'ecstatic, fastify-static',
    cause: 'a form feed or a malformed URL reached a setter of headers that throws',
    promise: 'control characters and malformed paths are answered 400, and no header is added',
    async probe({ command }) {
      const encoded = [
        '/docs%0c',
        '/docs%0a',
        '/docs%0d%0aSet-Cookie:%20a=1',
        '/docs%7f',
        '/docs%c2%85',
      ];
      const malformed = [
        '/docs%',
        '/docs%zz',
        '/docs%c0%80',
        '/docs%ed%a0%80',
        '/%ff/docs',
        '/%e2%28%a1',
      ];
      for (const { status, headers } of await command.askAll([...encoded, ...malformed])) {
        expect(status).toBe(400);
        expect(headers).not.toHaveProperty('set-cookie');
      }
      for (const target of ['/docs\f', '/do\tcs', '/docs\x7f', '/\xff', '/docs\x01', '/d\0cs']) {
        const { status, headers } = await command.get(target);
        expect([status, headers.location], JSON.stringify(target)).toEqual([400, undefined]);
      }
      const { headers } = await command.ask('/docs?%0d%0aSet-Cookie:%20a=1');
      expect(headers.location).toBe('./docs/?%0d%0aSet-Cookie:%20a=1');
    },
  },
  {
    ids: ['CVE-2015-8859', 'CVE-2024-43799', 'CVE-2024-43800'],
    product: 'send, serve-static',
    cause: 'errors named the path of the root; a redirect echoed the URL as HTML',
    promise: 'no answer names a path of the disk, and none echoes the request as HTML',
    async probe({ dev, folder }) {
      const script = '<img src=x onerror=alert(1)>';
      const [named, long] = [encodeURIComponent(script), 'a'.repeat(300)];
      const paths = [`/docs?${named}`, `/missing/${named}`, `/${named}`, `/${long}`, '/app.js/x'];
      const more = ['/docs/index.html/', '/loop.txt', '/%', '/..', '/out.txt', '/@dev-serve/none'];
      for (const headers of [PAGE, { accept: '*/*' }, { accept: 'application/json' }]) {
        for (const { status, headers: own, text } of await dev.askAll([...paths, ...more], {
          headers,
        })) {
          expect(status).toBeGreaterThanOrEqual(300);
          expect(text).not.toContain(folder.path);
          expect(text).not.toContain(script);
          expect(text).not.toMatch(/\n\s+at |node_modules|node:/);
          if (headers === PAGE && status >= 400) expect(own['content-type']).toContain('text/html');
          else if (text !== '') expect(own['content-type']).toContain('text/plain');
          expect(own).not.toHaveProperty('server');
          expect(own).not.toHaveProperty('x-powered-by');
        }
      }
    },
  },
];
