import { once } from 'node:events';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { handshake, rawRequest } from '../support/raw-request.ts';
import { temporarySite } from '../support/temporary-site.ts';

async function serve(files: Readonly<Record<string, string>>) {
  const root = await temporarySite(files);
  const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  return { root, server, url: await server.listen() };
}

describe('the dev server', () => {
  it('F3: breaks off a file that is cut down while it is sent, rather than leave it hanging', async () => {
    const { root, url } = await serve({ 'big.bin': 'x'.repeat(20_000_000) });
    const response = await fetch(`${url}big.bin`);
    const reader = response.body?.getReader();
    await reader?.read();
    await truncate(join(root, 'big.bin'), 100);
    const readToEnd = async () => {
      while (!(await reader?.read())?.done);
    };
    await expect(readToEnd()).rejects.toThrow();
  });

  it('sends nothing of a file that was empty when it was looked at and has grown since', async () => {
    const root = await temporarySite({ 'a.txt': '' });
    const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.close());
    server.app.addHook('onSend', async (_request, _reply, payload) => {
      await writeFile(join(root, 'a.txt'), 'BBBB');
      return payload;
    });
    const { port } = new URL(await server.listen());
    const lines = ['GET /a.txt HTTP/1.1', 'Host: localhost', 'Connection: close'];
    const { head, body } = await rawRequest(Number(port), lines);
    expect(head).toContain('content-length: 0');
    expect(body).toBe('');
  });

  it('never shows the disk, nor fails, while a file comes and goes', async () => {
    const { root, url } = await serve({ 'page.html': '<p>page', 'a.txt': 'text' });
    const names = ['page.html', 'a.txt'];
    let coming = true;
    const comeAndGo = async () => {
      while (coming) {
        for (const name of names) await rm(join(root, name), { force: true });
        for (const name of names) await writeFile(join(root, name), 'new');
      }
    };
    const changes = comeAndGo();
    const statuses = new Set<number>();
    for (let n = 0; n < 300; n += 1) {
      const response = await fetch(url + names[n % 2], { headers: { accept: 'text/html' } });
      statuses.add(response.status);
      const text = await response.text();
      expect(text).not.toContain(root);
      if (response.status === 404) expect(text).toContain('/@dev-serve/client.js');
    }
    coming = false;
    await changes;
    expect([...statuses].sort()).toEqual([200, 404]);
  });

  it('answers an upgrade to a file or to nothing with 404', async () => {
    const { url } = await serve({ 'a.txt': 'text' });
    for (const path of ['/a.txt', '/', '/nowhere', '/events']) {
      const answer = await rawRequest(
        Number(new URL(url).port),
        handshake(path, 'Host: localhost'),
      );
      expect(answer.status).toBe(404);
    }
  });

  it('answers a stream that is asked for while it closes with 200, never 503', async () => {
    const root = await temporarySite({});
    const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
    const statuses: number[] = [];
    let url = '';
    server.app.addHook('preClose', async () => {
      const response = await fetch(`${url}events`, { headers: { accept: 'text/event-stream' } });
      statuses.push(response.status);
      await response.body?.cancel();
    });
    url = await server.listen();
    await server.close();
    expect(statuses).toEqual([200]);
  });

  it('closes within a second beside a download that stalls and half a request', async () => {
    const { url, server } = await serve({ 'big.bin': 'x'.repeat(50_000_000) });
    const { port } = new URL(url);
    const stalled = connect(Number(port), '127.0.0.1').pause();
    const half = connect(Number(port), '127.0.0.1').pause();
    for (const socket of [stalled, half]) socket.on('error', () => {});
    stalled.write('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    half.write('GET /big.bin HTTP/1.1\r\nHost: local');
    await once(stalled, 'readable');
    const start = performance.now();
    await server.close();
    expect(performance.now() - start).toBeLessThan(10_000);
    for (const socket of [stalled, half]) socket.destroy();
  });

  it('tells streams when to come back before it closes', async () => {
    const { url, server } = await serve({});
    const response = await fetch(`${url}events`, { headers: { accept: 'text/event-stream' } });
    const text = response.text();
    await server.close();
    expect(await text).toMatch(/\n\nretry: ([5-9]\d\d|1000)\n$/);
  });

  it('listens on this machine only unless told otherwise', async () => {
    const server = await createDevServer({ root: await temporarySite({}), port: 0 });
    onTestFinished(() => server.close());
    const { hostname, port } = new URL(await server.listen());
    expect(hostname).toBe('localhost');
    await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow();
  });

  it('answers HEAD, ranges and conditions on a page like a plain GET', async () => {
    const { server } = await serve({ 'page.html': '<title>x</title>' });
    const ask = (method: 'GET' | 'HEAD', headers: Record<string, string> = {}) =>
      server.app.inject({ method, url: '/page.html', headers });
    const plain = await ask('GET');
    const { date, ...headers } = plain.headers;
    const conditions = [
      { range: 'bytes=0-3' },
      { 'if-none-match': '*' },
      { 'if-modified-since': new Date().toUTCString() },
    ];
    for (const condition of conditions) {
      const answer = await ask('GET', condition);
      expect([answer.statusCode, answer.body]).toEqual([200, plain.body]);
      expect(answer.headers).toMatchObject(headers);
    }
    const head = await ask('HEAD');
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect({ ...head.headers, date }).toEqual({ ...headers, date });
  });

  it('keeps the charset that a page names', async () => {
    const { root, url } = await serve({});
    const latin1 = Buffer.from('<meta charset="iso-8859-1"><p>caf\u00e9', 'latin1');
    await writeFile(join(root, 'latin.html'), latin1);
    const response = await fetch(`${url}latin.html`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=iso-8859-1');
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toMatch(/caf\u00e9$/);
  });

  it('answers assets with validators and ranges, and asks caches to check', async () => {
    const { server } = await serve({ 'a.css': 'a{color:red}' });
    // Not through fetch(), which asks for no cached answer as soon as it is given a validator.
    const ask = (headers: Record<string, string>) => server.app.inject({ url: '/a.css', headers });
    const first = await ask({});
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await ask({ 'if-none-match': String(first.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const part = await ask({ range: 'bytes=2-6' });
    expect([part.statusCode, part.body]).toEqual([206, 'color']);
  });

  it('sends a browser that asks for a missing page one that carries the client', async () => {
    const { url } = await serve({});
    const page = await fetch(`${url}later`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('src="/@dev-serve/client.js"');
    const other = await fetch(`${url}later.js`, { headers: { accept: '*/*' } });
    expect([other.status, await other.text()]).toEqual([404, 'Not found\n']);
  });
});
