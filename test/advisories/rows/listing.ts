import { readdir } from 'node:fs/promises';
import { expect } from 'vitest';
import type { Advisory } from '../advisory.ts';
import { HOSTILE_NAMES } from '../arena/folder.ts';

const PAGE = { headers: { accept: 'text/html' } };
/** What a list may be made of. */
const TAGS =
  /^\/?(?:!doctype|html|head|meta|title|style|script|body|main|h1|nav|a|b|span|table|thead|tbody|tr|th|td|time|p)(?:\s|$)/;

/** Lists of folders. */
export const listing: readonly Advisory[] = [
  {
    ids: ['GHSA-xw79-hhv6-578c', 'CVE-2018-3717', 'CVE-2018-3726', 'CVE-2018-3716'],
    aliases: ['serve-index#28'],
    product: 'serve-handler, anywhere, crud-file-server, simplehttpserver',
    cause: 'names of files were written into the list as they are',
    promise: 'a name of a file is text in a list, in whatever place',
    async probe({ dev }) {
      const { status, headers, text } = await dev.ask('/list/', PAGE);
      expect(status).toBe(200);
      const tags = [...text.matchAll(/<([^>]*)>/g)].map(([, tag = '']) => tag);
      expect(tags.filter((tag) => !TAGS.test(tag) || /\son\w+\s*=/i.test(tag))).toEqual([]);
      const hrefs = [...text.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href);
      const expected = HOSTILE_NAMES.map((name) => `./${encodeURIComponent(name)}`);
      expect(hrefs.toSorted()).toEqual(
        ['../', '../', ...expected.map((href) => href.replaceAll("'", '&#39;'))].toSorted(),
      );
      for (const character of ['\u202e', '\r', 'line\nbreak'])
        expect(text).not.toContain(character);
      expect(String(headers['content-security-policy'])).toMatch(/^default-src 'none'/);
      for (const { status } of await dev.askAll(
        expected.map((href) => href.replace('.', '/list')),
      )) {
        expect([200, 400, 404]).toContain(status);
      }
    },
  },
  {
    ids: ['CVE-2026-6410'],
    product: '@fastify/static',
    cause: 'the list joined the path to the root without a look',
    promise: 'no folder outside of the root is listed, and nothing that a request is refused',
    async probe({ dev, folder }) {
      const paths = ['/../', '/%2e%2e/', '/docs/../../', '/..%2f', '/out/', '/lib/../', '/.git/'];
      for (const { status, text } of await dev.askAll(paths, PAGE)) {
        expect([400, 404]).toContain(status);
        expect(text).not.toContain('canary.txt');
      }
      const { text } = await dev.ask('/.well-known/', PAGE);
      expect(text).toContain('security.txt');
      expect(text).not.toContain('.env');
      const docs = await readdir(`${folder.root}/docs`);
      expect(docs).toContain('server.key');
      for (const listed of await dev.askAll(['/list/', '/.well-known/'], PAGE)) {
        for (const name of ['server.key', '.git', folder.path]) {
          expect(listed.text).not.toContain(name);
        }
      }
    },
  },
];
