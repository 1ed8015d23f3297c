import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const soon = { timeout: 20_000 };
const FILES = {
  'index.html': '<p>home',
  'a.css': 'a{}',
  'empty.txt': '',
  'big.bin': 'x'.repeat(5_000_000),
  'big.html': `<p>${'x'.repeat(5_000_000)}`,
  '404.html': '<p>missing',
};
const TIMES = 20;

async function serve() {
  const root = await temporarySite(FILES);
  const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  /** What of the site is open now. */
  const open = async () => {
    const numbers = await readdir('/proc/self/fd');
    const paths = await Promise.all(
      numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')),
    );
    return paths.filter((path) => path.startsWith(root) && /\.\w+$/.test(path));
  };
  return { root, server, open };
}

const page = { accept: 'text/html', 'sec-fetch-dest': 'document' };

describe('S2: no descriptor stays open', () => {
  it.each<[string, Record<string, string>, 'GET' | 'HEAD', string]>([
    ['a file', {}, 'GET', '/a.css'],
    ['an empty file', {}, 'GET', '/empty.txt'],
    ['a page', page, 'GET', '/'],
    ['a page in place of a missing one', page, 'GET', '/missing'],
    ['a file by HEAD', {}, 'HEAD', '/big.bin'],
    ['a page by HEAD', page, 'HEAD', '/'],
    ['a part', { range: 'bytes=1-2' }, 'GET', '/big.bin'],
    ['a file that is known (304)', { 'if-none-match': '*' }, 'GET', '/a.css'],
    ['a file that is not the expected one (412)', { 'if-match': '"x"' }, 'GET', '/a.css'],
    ['a part that there is not (416)', { range: 'bytes=9999999-' }, 'GET', '/a.css'],
  ])('after %s', async (_what, headers, method, url) => {
    const { server, open } = await serve();
    for (let time = 0; time < TIMES; time += 1) await server.app.inject({ method, url, headers });
    // Not left to the garbage collector, which would close them in its time.
    expect((await open()).length).toBeLessThan(TIMES / 2);
    await expect.poll(open, soon).toEqual([]);
  });

  it('where a hook fails, or puts something else in the place of the file', async () => {
    const { server, open } = await serve();
    server.app.addHook('onSend', async (request, _reply, payload) => {
      if (request.headers['x-do'] === 'fail') throw new Error('no');
      return request.headers['x-do'] === 'replace' ? 'other' : payload;
    });
    for (const what of ['fail', 'replace']) {
      const headers = { 'x-do': what };
      for (let time = 0; time < TIMES; time += 1)
        await server.app.inject({ url: '/big.bin', headers });
    }
    await expect.poll(open, soon).toEqual([]);
  });
});

describe('S2: no descriptor stays open when clients leave', () => {
  it.each(['/big.bin', '/big.html'])('in the middle of %s, or before it begins', async (path) => {
    const { server, open } = await serve();
    const errors: string[] = [];
    server.app.addHook('onError', async (_request, _reply, error) => {
      errors.push(error.message);
    });
    const { port } = new URL(await server.listen());
    const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n`;
    for (const moment of ['at once', 'in the middle']) {
      for (let time = 0; time < TIMES; time += 1) {
        const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
        // The second waits behind the first, and is given up with it.
        socket.write(head + head);
        if (moment === 'in the middle') await once(socket, 'readable');
        else for (let turn = 0; turn < time; turn += 1) await nextTurn();
        socket.destroy();
      }
    }
    await expect.poll(open, soon).toEqual([]);
    expect(errors).toEqual([]);
    expect((await server.app.inject('/a.css')).body).toBe('a{}');
  });

  it('nor when the server closes', async () => {
    const { root, server, open } = await serve();
    const { port } = new URL(await server.listen());
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    socket.write('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    await expect.poll(open, soon).toContain(join(root, 'big.bin'));
    await server.close();
    await expect.poll(open, soon).toEqual([]);
    socket.destroy();
  });
});
