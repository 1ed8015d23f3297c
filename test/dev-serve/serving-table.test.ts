import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevServer, type DevServer } from '../../server/create-dev-server.ts';
import { rawRequest } from '../support/raw-request.ts';

let parent: string;
let server: DevServer;
let port: number;

const FILES: Readonly<Record<string, string>> = {
  'index.html': '<p>home',
  'docs/index.html': '<p>docs',
  'docs/guide.html': '<p>guide',
  'both.html': '<p>both.html',
  'both/index.html': '<p>both/index.html',
  'listed/a.txt': 'a',
  'listed/b c&d.txt': 'b',
  'a b.txt': 'space',
  '100%.html': '<p>percent',
  'a#b?c.txt': 'hash and question mark',
  'a+b.txt': 'plus',
  '[x].txt': 'brackets',
  'caf\u00e9/men\u00fc.txt': 'NFC',
  'data.json': '{}',
  'app.js': 'let a',
  'app.mjs': 'let a',
  'app.css': 'a{color:red}',
  'app.ts': 'let a',
  'a.svg': '<svg/>',
  'a.avif': 'x',
  'a.webp': 'x',
  'a.mp4': '0123456789'.repeat(10),
  'a.woff2': 'x',
  'a.wasm': 'x',
  'a.webmanifest': '{}',
  'a.xml': '<a/>',
  'a.md': '# a',
  'a.txt': 'text',
  'page.htm': '<p>htm',
  noextension: 'x',
  'y~/a.txt': 'x',
  [`${'long-'.repeat(40)}.txt`]: 'long',
  '.env': 'SECRET',
  '.git/config': 'SECRET',
  '.well-known/security.txt': 'Contact: x',
  '../secret.txt': 'SECRET',
};

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'dev-serve-'));
  const root = join(parent, 'site');
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await symlink('../secret.txt', join(root, 'link.txt'));
  server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
  server.app.get('/fails', () => Promise.reject(new Error(`no ${root} today`)));
  port = Number(new URL(await server.listen()).port);
});
afterAll(async () => {
  await server.close();
  await rm(parent, { recursive: true, force: true });
});

const NAVIGATION = ['Accept: text/html,*/*;q=0.8', 'Sec-Fetch-Dest: document'];

/** Byte for byte as it is written here, which a URL parser would not leave it. */
async function ask(target: string, headers: readonly string[] = ['Accept: */*'], method = 'GET') {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close'];
  const { status, head, body } = await rawRequest(port, [...lines, ...headers]);
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];
  return { status, header, body };
}

describe('a path', () => {
  it.each([
    ['/', 'home'],
    ['/index.html', 'home'],
    ['/docs/', 'docs'],
    ['/docs/guide', 'guide'],
    ['/docs/guide?x=1', 'guide'],
    ['/docs/guide.html', 'guide'],
    ['/both', 'both.html'],
    ['/both/', 'both/index.html'],
    ['/100%25', 'percent'],
    ['/100%25.html', 'percent'],
    ['/a%20b.txt', 'space'],
    ['/a%23b%3Fc.txt', 'hash and question mark'],
    ['/a+b.txt', 'plus'],
    ['/a%2Bb.txt', 'plus'],
    ['/[x].txt', 'brackets'],
    ['/%5Bx%5D.txt', 'brackets'],
    ['/caf%C3%A9/men%C3%BC.txt', 'NFC'],
    [`/${'long-'.repeat(40)}.txt`, 'long'],
    ['/.well-known/security.txt', 'Contact: x'],
  ])('%s is answered with its file', async (target, text) => {
    const { status, body } = await ask(target);
    expect(status).toBe(200);
    expect(body).toContain(text);
  });

  it.each([
    ['/docs', './docs/'],
    ['/docs?a=//b', './docs/?a=//b'],
    ['/docs/guide/', '../guide'],
    ['/docs/guide/?a=1', '../guide?a=1'],
    ['/100%25/', '../100%25'],
    ['/listed', './listed/'],
    ['/caf%C3%A9', './caf%C3%A9/'],
  ])('R1: %s has a slash too few or too many: it leads to %s', async (target, location) => {
    const answer = await ask(target);
    expect([answer.status, answer.header('location')]).toEqual([301, location]);
    expect(answer.header('cache-control')).toBe('no-store');
  });

  it.each([
    '/missing',
    '/missing.js',
    '/missing/',
    '/DOCS/',
    '/Docs/guide',
    '/docs/guide.htm',
    '/page.htm/',
    '/caf%C3%A9/menu%CC%88.txt',
    '/cafe%CC%81/men%C3%BC.txt',
    '/.env',
    '/.git/config',
    '/link.txt',
    '/%252e%252e/secret.txt',
    '/@dev-serve/missing',
  ])('%s is missing', async (target) => {
    const plain = await ask(target);
    expect([plain.status, plain.body]).toEqual([404, 'Not found\n']);
    const page = await ask(target, NAVIGATION);
    expect(page.status).toBe(404);
    expect(page.header('content-type')).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('src="/@dev-serve/client.js"');
  });

  it.each([
    '/%',
    '/100%.html',
    '/%zz',
    '/%ff',
    '/%00',
    '//docs/guide.html',
    '//evil.example/',
    '/docs//guide.html',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/docs/./guide.html',
  ])('P2, R2: %s is malformed', async (target) => {
    const plain = await ask(target);
    expect([plain.status, plain.body]).toEqual([400, 'Malformed URL\n']);
    const page = await ask(target, NAVIGATION);
    expect(page.status).toBe(400);
    expect(page.header('content-type')).toBe('text/html; charset=utf-8');
    expect(page.header('content-security-policy')).toContain("default-src 'none'");
    expect(page.header('x-content-type-options')).toBe('nosniff');
    expect(page.body).not.toContain(target);
  });

  it.each(['/a#b', '/#', '/?a#b'])('P1: %s is none to begin with', async (target) => {
    for (const headers of [NAVIGATION, ['Accept: */*']]) {
      const { status, body } = await ask(target, headers);
      expect([status, body.includes('#')]).toEqual([400, false]);
    }
  });
});

describe('a file', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/page.htm', 'text/html; charset=utf-8'],
    ['/app.js', 'text/javascript; charset=utf-8'],
    ['/app.mjs', 'text/javascript; charset=utf-8'],
    ['/app.css', 'text/css; charset=utf-8'],
    ['/data.json', 'application/json; charset=utf-8'],
    ['/a.webmanifest', 'application/manifest+json'],
    ['/a.svg', 'image/svg+xml'],
    ['/a.xml', 'application/xml'],
    ['/a.md', 'text/markdown; charset=utf-8'],
    ['/a.txt', 'text/plain; charset=utf-8'],
    ['/app.ts', 'text/plain; charset=utf-8'],
    ['/a.avif', 'image/avif'],
    ['/a.webp', 'image/webp'],
    ['/a.mp4', 'video/mp4'],
    ['/a.woff2', 'font/woff2'],
    ['/a.wasm', 'application/wasm'],
    ['/noextension', 'application/octet-stream'],
  ])('%s has the type %s', async (target, type) => {
    const answer = await ask(target);
    expect(answer.header('content-type')).toBe(type);
    expect(answer.header('cache-control')).toBe('no-cache');
    expect(answer.header('x-content-type-options')).toBe('nosniff');
    expect(answer.header('access-control-allow-origin')).toBeUndefined();
  });

  it.each([
    ['bytes=10-19', 206, 10, 'bytes 10-19/100'],
    ['bytes=-10', 206, 10, 'bytes 90-99/100'],
    ['bytes=95-', 206, 5, 'bytes 95-99/100'],
    ['bytes=200-', 416, 0, 'bytes */100'],
    ['nonsense', 200, 100, undefined],
  ])('is sent in parts (%s)', async (range, status, length, part) => {
    const answer = await ask('/a.mp4', [`Range: ${range}`]);
    expect([answer.status, answer.header('content-range')]).toEqual([status, part]);
    if (status !== 416) expect(answer.body).toHaveLength(length);
  });

  it('is not sent again to whoever has it, by either validator', async () => {
    const first = await ask('/app.css');
    const [etag, modified] = [first.header('etag'), first.header('last-modified')];
    expect((await ask('/app.css', [`If-None-Match: ${etag}`])).status).toBe(304);
    expect((await ask('/app.css', [`If-Modified-Since: ${modified}`])).status).toBe(304);
    expect((await ask('/app.css', ['If-None-Match: "other"'])).status).toBe(200);
  });

  it.each(['/app.css', '/a.mp4', '/', '/docs/guide', '/listed/', '/missing', '/docs', '/%'])(
    'is told by HEAD as by GET: %s',
    async (target) => {
      for (const headers of [NAVIGATION, ['Accept: */*']]) {
        const [get, head] = [await ask(target, headers), await ask(target, headers, 'HEAD')];
        expect([head.status, head.body]).toEqual([get.status, '']);
        for (const name of ['content-type', 'etag', 'location', 'cache-control', 'vary']) {
          expect([name, head.header(name)]).toEqual([name, get.header(name)]);
        }
        const length = head.header('content-length');
        if (length !== undefined) expect(length).toBe(get.header('content-length'));
      }
    },
  );
});

describe('a route that fails', () => {
  it('shows a browser a page that tells nothing and follows the files', async () => {
    const { status, header, body } = await ask('/fails', NAVIGATION);
    expect([status, header('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
    expect(body).toContain('src="/@dev-serve/client.js"');
    expect(body).not.toContain(parent);
    expect(body).not.toContain('today');
  });

  it('is answered as by Fastify to whoever else asks', async () => {
    const { status, body } = await ask('/fails');
    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 500, error: 'Internal Server Error' });
  });
});
