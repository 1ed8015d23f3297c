import { beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/backends/ask.ts';
import { Backend } from '../support/backends/backend.ts';
import { LiveSite } from '../support/live-site.ts';

let backend: Backend;
let site: LiveSite;

const document = { 'sec-fetch-dest': 'document', accept: 'text/html' };
const tag = '<script src="/@dev-serve/client.js"';

beforeEach(async () => {
  backend = await Backend.node('app');
  site = await LiveSite.start({ 'index.html': '<h1>static</h1>' }, { proxy: backend.url });
});

describe('a page of an upstream', () => {
  it('gets the tag, in whichever coding it comes', async () => {
    const headers = { ...document, 'accept-encoding': 'gzip, deflate, br, zstd' };
    for (const coding of ['gzip', 'br', 'deflate', 'plain']) {
      const page = await ask(`${site.url}${coding}`, { headers });
      expect(page.text).toContain(`<head>${tag}`);
      expect(page.text).toContain('<h1>hello</h1>');
      for (const name of ['etag', 'content-encoding', 'content-length', 'last-modified']) {
        expect(page.headers).not.toHaveProperty(name);
      }
    }
  });

  it('is asked for without conditions, and keeps its policy', async () => {
    const headers = { ...document, 'if-none-match': '"page"', range: 'bytes=0-9' };
    const asked = await ask(`${site.url}echo`, { headers });
    expect(asked.text).not.toMatch(/if-none-match|"range"/);
    const page = await ask(`${site.url}policy`, { headers });
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'nonce-abc'",
    );
    expect(page.text).toContain('nonce="abc"');
    const head = await ask(`${site.url}policy`, { method: 'HEAD', headers });
    expect([head.status, head.text, head.headers.etag]).toEqual([200, '', undefined]);
  });

  it('that a script asks for is left as it is', async () => {
    const headers = { 'sec-fetch-dest': 'empty', 'accept-encoding': 'br' };
    const page = await ask(`${site.url}br`, { headers });
    expect(page.headers).toMatchObject({ 'content-encoding': 'br', etag: '"page"' });
    expect(page.text).not.toContain(tag);
  });
});

describe('X4: a redirect of an upstream', () => {
  it.each(['elsewhere', 'with-user', 'two-slashes', 'path-only'])(
    'is passed on, and followed by nobody here (%s)',
    async (kind) => {
      const redirecting = await Backend.node('redirecting');
      const front = await LiveSite.start({}, { proxy: redirecting.url });
      const { status, headers, text } = await ask(`${front.url}to/${kind}`);
      expect(status).toBe(302);
      expect(headers.location).toMatch(/elsewhere\.example\/|^\/landing$/);
      expect(text).toBe('');
    },
  );
});

describe('any other response', () => {
  it('keeps validators, ranges, codings and the length of a HEAD', async () => {
    const url = `${site.url}asset.txt`;
    const whole = await ask(url);
    expect(whole).toMatchObject({ status: 200, text: '0123456789' });
    expect(whole.headers).toMatchObject({ etag: '"one"', 'content-length': '10' });
    const head = await ask(url, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers).toMatchObject({ etag: '"one"', 'content-length': '10' });
    const part = await ask(url, { headers: { range: 'bytes=2-4' } });
    expect(part).toMatchObject({ status: 206, text: '234' });
    const same = await ask(url, { headers: { 'if-none-match': '"one"' } });
    expect(same).toMatchObject({ status: 304, text: '' });
    expect(same.headers.etag).toBe('"one"');
    const packed = await ask(`${site.url}gzip.txt`, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
  });

  it('says what cookies there are, each on a line', async () => {
    const { headers } = await ask(`${site.url}cookies`);
    expect(headers['set-cookie']).toEqual([
      'plain=1; Path=/',
      'domain=1; Path=/',
      'safe=1; SameSite=Lax; HttpOnly; Path=/',
      '__Host-id=1; Secure; Path=/',
    ]);
  });
});
