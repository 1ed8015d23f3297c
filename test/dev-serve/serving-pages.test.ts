import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const NAVIGATION = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-dest': 'document' };
const FETCH = { accept: '*/*', 'sec-fetch-dest': 'empty' };

type Files = Readonly<Record<string, string>>;

async function site(files: Files, options: Omit<DevServerOptions, 'root'> = {}) {
  const root = await temporarySite(files);
  const { app, close } = await createDevServer({ ...options, root });
  onTestFinished(close);
  const ask = async (url: string, headers: Readonly<Record<string, string>> = NAVIGATION) => {
    const answer = await app.inject({ url, headers });
    const file = /data-file="([^"]*)"/.exec(answer.body)?.[1];
    return { ...answer, status: answer.statusCode, body: answer.body, file };
  };
  return { root, ask };
}

describe('a missing page', () => {
  it('is answered with the nearest 404.html, its status and its place in the site', async () => {
    const { ask } = await site({ '404.html': '<p>top', 'docs/404.html': '<p>docs' });
    const top = await ask('/a/b');
    expect([top.status, top.file, top.body.endsWith('<p>top')]).toEqual([404, '/404.html', true]);
    const docs = await ask('/docs/b');
    expect([docs.status, docs.file]).toEqual([404, '/docs/404.html']);
    expect(docs.headers['content-type']).toBe('text/html; charset=utf-8');
    const script = await ask('/docs/b.js', FETCH);
    expect([script.status, script.body]).toEqual([404, 'Not found\n']);
  });

  it('is answered with all of it, whatever part or change is asked for', async () => {
    const { ask } = await site({ '404.html': '<p>top' });
    const conditions = { range: 'bytes=0-1', 'if-none-match': '*', 'if-match': '"x"' };
    // As a script asks that is no navigation, but for a page: nothing is injected.
    const { status, body, headers } = await ask('/a', {
      accept: 'text/html',
      'hx-request': 'true',
      ...conditions,
    });
    expect([status, body, headers['content-range']]).toEqual([404, '<p>top', undefined]);
    expect((await ask('/a', { ...NAVIGATION, ...conditions })).status).toBe(404);
  });

  it('P8: without one shows a page of our own, which says nothing of the request', async () => {
    const { ask } = await site({});
    const { status, body, file, headers } = await ask('/xyzzy%3Cb%3E?q=<i>');
    expect([status, file]).toEqual([404, '/404.html']);
    expect(body).toContain('There is no file for this address.');
    expect(body).not.toContain('xyzzy');
    expect(body).toContain('src="/@dev-serve/client.js"');
    expect(body).not.toContain('<i>');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it('of an app is the business of the app', async () => {
    const app = Fastify();
    onTestFinished(() => app.close());
    app.setNotFoundHandler((_request, reply) => reply.code(404).send('mine'));
    await app.register(devServe, { root: await temporarySite({ 'docs/404.html': '<p>docs' }) });
    const ask = async (url: string) => (await app.inject({ url, headers: NAVIGATION })).body;
    expect(await ask('/missing')).toBe('mine');
    expect(await ask('/docs/missing')).toContain('<p>docs');
  });
});

describe('an app of one page', () => {
  it('is what its views are answered with', async () => {
    const { ask } = await site({ 'index.html': '<p>app', 'view/x.txt': '' }, { spa: true });
    for (const url of ['/users/jane.doe?tab=1', '/view/', '/view']) {
      const { status, body, file } = await ask(url);
      expect([status, file, body.endsWith('<p>app')]).toEqual([200, '/index.html', true]);
    }
    // As the client asks whether its page is still there.
    expect((await ask('/users', { accept: 'text/html', 'sec-fetch-dest': 'empty' })).status).toBe(
      200,
    );
    expect((await ask('/missing.js')).status).toBe(404);
    expect((await ask('/users', FETCH)).status).toBe(404);
  });
});

describe('clean URLs', () => {
  it('tell the client which file the page is, and can be switched off', async () => {
    const files = { 'docs/guide.html': '<p>guide' };
    const { status, file } = await (await site(files)).ask('/docs/guide');
    expect([status, file]).toEqual([200, '/docs/guide.html']);
    const off = await site(files, { cleanUrls: false });
    expect((await off.ask('/docs/guide')).status).toBe(404);
  });
});

describe('a folder without an index', () => {
  it('is listed, and followed as a folder', async () => {
    const { ask, root } = await site({ 'a b/c.txt': '', 'a b/.env': '' });
    const first = await ask('/a%20b/');
    expect([first.status, first.file]).toEqual([200, '/a%20b/']);
    expect(first.body).toContain('<a href="./c.txt">c.txt</a>');
    expect(first.body).not.toContain('.env');
    expect(first.body).not.toContain(root);
    expect((await ask('/')).file).toBe('/');
    expect(first.headers['content-security-policy']).toContain("script-src 'self'");
    expect(first.headers.etag).toBeUndefined();
    await writeFile(join(root, 'a b/index.html'), '<p>index');
    expect((await ask('/a%20b/')).file).toBe('/a%20b/index.html');
  });

  it('L4: is missing where lists are not wanted', async () => {
    const { ask } = await site({ 'docs/c.txt': '' }, { list: false });
    expect([(await ask('/docs/')).status, (await ask('/docs')).status]).toEqual([404, 404]);
  });

  it('L4: is listed up to 10,000 entries, and how many more there are', async () => {
    const { ask, root } = await site({ 'many/0': '' }, { ignore: ['many/**'] });
    for (let n = 1; n < 10_003; n += 1) writeFileSync(join(root, `many/${n}`), '');
    const { status, body } = await ask('/many/');
    expect(status).toBe(200);
    expect(body.match(/<a href="\.\//g)).toHaveLength(10_000);
    expect(body).toContain('And 3 more, which are not shown.');
  });

  it('of a mount is listed below its path', async () => {
    const lib = await temporarySite({ 'deep/x.js': '' });
    const { ask } = await site({}, { mount: { '/lib': lib } });
    expect((await ask('/lib')).headers.location).toBe('./lib/');
    const { body, file } = await ask('/lib/deep/');
    expect(file).toBe('/lib/deep/');
    expect(body).toContain('<a href="../">/lib</a>');
  });
});
