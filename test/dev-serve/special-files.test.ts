import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { inForm } from '../support/faults/form.ts';
import { PipelinedClient } from '../support/pipelined-client.ts';
import { temporarySite } from '../support/temporary-site.ts';

/** A site full of what is no regular file; where none may be made there are no devices in it. */
async function specialSite() {
  const root = await temporarySite({
    'index.html': '<p>home',
    'app.css': 'a{}',
    'waits/x.txt': 'x',
    'listed/x.txt': 'x',
  });
  const fifos = [
    'fifo',
    'page.html',
    '404.html',
    'waits/index.html',
    'app.css.gz',
    'listed/fifo.txt',
  ];
  execFileSync(
    'mkfifo',
    fifos.map((name) => join(root, name)),
  );
  const socket = createServer().listen(join(root, 'listed/socket'));
  await once(socket, 'listening');
  onTestFinished(() => new Promise((resolve) => socket.close(() => resolve())));
  const devices = [
    ['listed/zero', 'c', '1', '5'],
    ['listed/disk', 'b', '7', '0'],
  ].filter(
    ([name = '', ...device]) => spawnSync('mknod', [join(root, name), ...device]).status === 0,
  );
  await symlink('/dev/zero', join(root, 'listed/link'));
  await symlink('fifo', join(root, 'link.html'));
  const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const { port } = new URL(await server.listen());
  const paths = [
    '/fifo',
    '/page',
    '/page.html',
    '/404.html',
    '/app.css.gz',
    '/link',
    '/listed/fifo.txt',
  ];
  const other = ['/listed/socket', '/listed/link', ...devices.map(([name]) => `/${name}`)];
  return { server, port: Number(port), special: [...paths, ...other] };
}

/** Milliseconds for an answer; in the short form the machine may be busy with all other tests. */
const AT_ONCE = inForm(10_000, 200);

describe('F1: what is no regular file', () => {
  it('is missing within 200 ms', async () => {
    const { port, special } = await specialSite();
    const client = new PipelinedClient(port);
    onTestFinished(() => client.close());
    // The first answer to anything takes what there is to load.
    await client.ask(['/app.css', '/missing'], 'Accept: text/html\r\n');
    for (const path of special) {
      const start = performance.now();
      const { statuses } = await client.ask([path], 'Accept: text/html\r\n');
      expect([path, ...statuses]).toEqual([path, 404]);
      expect(performance.now() - start, path).toBeLessThan(AT_ONCE);
    }
  });

  it('is missing at once, 64 times at a time, and holds nobody up', async () => {
    const { port, special } = await specialSite();
    const clients = Array.from({ length: 64 }, () => new PipelinedClient(port));
    const home = new PipelinedClient(port);
    onTestFinished(() => {
      for (const client of [...clients, home]) client.close();
    });
    expect((await home.ask(['/'])).statuses).toEqual([200]);
    const asked = clients.map((client, index) =>
      client.ask([special[index % special.length] ?? '', '/app.css'], 'Accept: text/html\r\n'),
    );
    // While they are asked for: a thread that waits for a writer of a FIFO would wait for ever.
    for (let time = 0; time < 5; time += 1) {
      expect((await home.ask(['/', '/app.css'])).statuses).toEqual([200, 200]);
    }
    for (const { statuses } of await Promise.all(asked)) expect(statuses).toEqual([404, 200]);
  });

  it('is no index, no list names it, and nobody takes it for a compressed file', async () => {
    const { server } = await specialSite();
    const accept = 'text/html';
    const headers = { accept, 'accept-encoding': 'gzip, br' };
    const folder = await server.app.inject({ url: '/waits/', headers });
    expect(folder.body).toContain('<a href="./x.txt">');
    expect(folder.body).not.toContain('index.html');
    const list = await server.app.inject({ url: '/listed/', headers });
    const names = [...list.body.matchAll(/<a href="\.\/([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(['x.txt']);
    const plain = await server.app.inject({ url: '/app.css', headers });
    expect([plain.body, plain.headers['content-encoding']]).toEqual(['a{}', undefined]);
  });
});
