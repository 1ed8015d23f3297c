import { expect } from 'vitest';
import { importsOfFile, sourceFiles } from '../../support/imports.ts';
import { randomFrom, seed } from '../../support/random.ts';
import type { Advisory } from '../advisory.ts';

const PAGE = { accept: 'text/html', 'sec-fetch-dest': 'document' };
const DATES = [
  '',
  '0',
  '-1',
  'NaN',
  'Infinity',
  '__proto__',
  'Thu, 99 Foo 99999 99:99:99 GMT',
  '2^53',
];
const RANGES = [
  ...['bytes=', 'bytes=-', 'bytes=0-', 'bytes=-0', 'bytes=5-1', 'bytes=0-0,0-0,0-0', 'bytes=a-b'],
  ...[`bytes=${'0-,'.repeat(500)}`, 'bytes=99999999999999999999-', 'items=0-1', 'bytes=0-1e9'],
];

/** What requests can make a server do. */
export const requests: readonly Advisory[] = [
  {
    ids: ['CVE-2023-49293', 'GHSA-92r3-m2mg-pj97'],
    product: 'vite',
    cause: 'the URL of the request was written into the page',
    promise: 'nothing of a request is in a page, whatever it asks with',
    async probe({ dev }) {
      const page = (await dev.ask('/', { headers: PAGE })).text;
      expect(page).toMatch(/<script src="\/@dev-serve\/client\.js"[^>]*><\/script>/);
      const attack = '"></script><script>alert(1)</script>';
      for (const query of [attack, '\\u003cscript>', '{{7*7}}', '$&', '`', '<!--'].map(encodeURI)) {
        const headers = { ...PAGE, referer: attack, cookie: attack, 'user-agent': attack };
        expect((await dev.ask(`/?${query}`, { headers })).text).toBe(page);
      }
      const raw = await dev.get(`/?${attack.replaceAll(' ', '')}`, 'Accept: text/html');
      expect(raw.text).not.toContain('alert(1)');
    },
  },
  {
    ids: ['CVE-2024-52011', 'CVE-2026-53632'],
    product: 'launch-editor, in vite',
    cause: 'a route gave a path of the request to a shell, or to the network',
    promise: 'no route opens anything, and only the browser is ever started, without a shell',
    async probe({ dev }) {
      const routes = ['/__open-in-editor', '/__open-stack-frame-in-editor', '/@dev-serve/open'];
      for (const route of [...routes, '/__nextjs_launch-editor', '/open-stack-frame']) {
        const { status } = await dev.ask(`${route}?file=%5c%5cevil.example%5cx&cmd=touch%20x`);
        expect(status).toBe(404);
      }
      const imports = sourceFiles('plugins', 'server').flatMap(importsOfFile);
      const starters = imports.filter(({ to }) =>
        /child_process|^open$|execa|cross-spawn/.test(to),
      );
      expect(starters.map(({ from, to }) => [from, to])).toEqual([
        ['server/open-browser.ts', 'open'],
      ]);
    },
  },
  {
    ids: ['CVE-2026-14620', 'GHSA-f5vj-f2hx-8m93'],
    product: 'webpack-dev-server',
    cause: 'a GET changed something, and asked nobody where it came from',
    promise: 'no GET changes anything, and a report has to come from a page of this server',
    async probe({ dev }) {
      const path = '/@dev-serve/report';
      const body = JSON.stringify({ tab: 'a'.repeat(8), page: '/', type: 'open', title: 'x' });
      const type = { 'content-type': 'application/json' };
      expect([404, 405]).toContain((await dev.ask(`${path}?type=open`)).status);
      for (const route of [
        '/@dev-serve/reload',
        '/@dev-serve/close',
        '/webpack-dev-server/invalidate',
      ]) {
        expect([404, 405]).toContain((await dev.ask(route)).status);
        expect([404, 405]).toContain((await dev.ask(route, { method: 'POST', body })).status);
      }
      const foreign = [
        { origin: 'http://evil.example', ...type },
        { origin: 'null', ...type },
        { 'sec-fetch-site': 'cross-site', ...type },
        { 'sec-fetch-site': 'same-site', ...type },
      ];
      for (const headers of foreign) {
        expect((await dev.ask(path, { method: 'POST', headers, body })).status).toBe(403);
      }
      expect(dev.server.app.devServe.tabs).toBe(0);
    },
  },
  {
    ids: ['CVE-2015-9242', 'CVE-2016-10703'],
    product: 'ecstatic',
    cause: 'an odd If-Modified-Since threw; long runs of "%00" took time and memory',
    promise: 'conditions and ranges of any kind are answered, and NUL is refused at once',
    async probe({ command }) {
      const random = randomFrom(seed);
      // Visible ASCII, and what Latin-1 has besides.
      const noise = () =>
        Array.from({ length: 8 }, () =>
          String.fromCharCode(33 + random() * 93 + (random() > 0.5 ? 129 : 0)),
        ).join('');
      const values = [...DATES, ...RANGES, ...Array.from({ length: 20 }, noise)];
      for (const path of ['/app.js', '/index.html', '/docs/', '/list/', '/@dev-serve/client.js']) {
        const answers = values.map((value) => {
          const dates = { 'if-modified-since': value, 'if-unmodified-since': value };
          const tags = {
            'if-none-match': value,
            'if-match': value,
            'if-range': value,
            range: value,
          };
          return command.ask(path, { headers: { ...dates, ...tags } });
        });
        for (const { status } of await Promise.all(answers)) {
          expect([200, 206, 304, 412, 416], `TEST_SEED=${seed}`).toContain(status);
        }
      }
      for (const length of [1, 100, 2500]) {
        expect((await command.ask(`/${'%00'.repeat(length)}`)).status).toBe(400);
      }
      expect((await command.ask(`/app.js%00.html`)).status).toBe(400);
    },
  },
  {
    ids: [
      ...['CVE-2023-51701', 'CVE-2022-41919', 'CVE-2025-32442', 'CVE-2026-25223', 'CVE-2026-3419'],
      ...['CVE-2026-33806', 'CVE-2022-39288'],
    ],
    product: '@fastify/reply-from, fastify',
    cause: 'two readers of Content-Type took it differently, or failed on it',
    promise: 'files and events take no body, and reports come as one media type, or get 415',
    async probe({ dev }) {
      const types = [
        'application/json; charset=utf-8',
        'application/json\t;x',
        'application/jsonx',
      ];
      const more = [
        'application/json, text/plain',
        'application/json;',
        'Application/JSON',
        'text/plain',
      ];
      const odd = [
        '',
        ';',
        '/',
        'application/',
        '__proto__',
        'constructor',
        'a/b; =',
        'multipart/form-data',
      ];
      const body = JSON.stringify({ tab: 'b'.repeat(8), page: '/', type: 'open', title: 'x' });
      for (const type of [...types, ...more, ...odd]) {
        const question = { method: 'POST', body, headers: { 'content-type': type } };
        expect((await dev.ask('/@dev-serve/report', question)).status, type).toBe(415);
        expect((await dev.ask('/app.js', question)).status, type).toBe(405);
        expect([404, 405, 415], type).toContain((await dev.ask('/events', question)).status);
        const get = { body, headers: { 'content-type': type, 'content-length': `${body.length}` } };
        expect((await dev.ask('/app.js', get)).status, type).toBe(200);
      }
      expect(dev.server.app.devServe.tabs).toBe(0);
    },
  },
];
