import { describe, expect, it } from 'vitest';
import type { Notice } from '../../plugins/dev-serve.ts';
import { MAX_PIPELINED } from '../../server/limits/limit-pipelining.ts';
import { openFiles } from '../support/faults/open-files.ts';
import { LiveSite } from '../support/live-site.ts';
import { ask, rawClient } from '../support/raw-client.ts';

const HOST = 'Host: localhost';
const soon = { timeout: 20_000 };
const BIG = 'x'.repeat(300_000);

async function site({ https = false } = {}) {
  const notices: Notice[] = [];
  const onNotice = (notice: Notice) => notices.push(notice);
  const files = { 'index.html': '<p>home', 'a.css': 'a{}', 'big.bin': BIG, 'img/a.png': '' };
  const { port } = await LiveSite.start(files, { onNotice, https });
  return { port, notices };
}

const request = (target: string, ...lines: readonly string[]) =>
  [`GET ${target} HTTP/1.1`, HOST, ...lines, '', ''].join('\r\n');

describe('N2: requests that are sent ahead of the answers', () => {
  it(`are answered in their order, ${MAX_PIPELINED} at a time, as often as a client likes`, async () => {
    const { port, notices } = await site();
    const client = rawClient(port);
    for (let round = 1; round <= 5; round += 1) {
      const targets = Array.from({ length: MAX_PIPELINED }, (_, index) =>
        index % 2 === 0 ? '/a.css' : '/none.css',
      );
      client.socket.write(targets.map((target) => request(target)).join(''));
      const statuses = () => [...client.received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, s]) => s);
      const expected = Array.from({ length: (round * MAX_PIPELINED) / 2 }, () => ['200', '404']);
      await expect.poll(statuses, soon).toEqual(expected.flat());
    }
    expect(notices).toEqual([]);
  });

  it.each([
    ['HTTP', false],
    ['HTTPS', true],
  ])('are answered for as long as a client sends one for each answer, over %s', async (_, tls) => {
    const { port, notices } = await site({ https: tls });
    const client = rawClient(port, { tls });
    let [sent, answered, rest] = [MAX_PIPELINED, 0, ''];
    client.socket.on('data', (chunk: Buffer) => {
      const answers = `${rest}${chunk.toString('latin1')}`.split('a{}');
      rest = answers.pop() ?? '';
      answered += answers.length;
      const more = Math.min(answers.length, 200 - sent);
      sent += more;
      client.socket.write(request('/a.css').repeat(more));
    });
    client.socket.write(request('/a.css').repeat(sent));
    await expect.poll(() => answered === 200 || client.isClosed, soon).toBe(true);
    expect([answered, notices.filter(({ kind }) => kind === 'limit')]).toEqual([200, []]);
  });

  it('and are too many end the connection, open no files for it, and are told of once', async () => {
    const { port, notices } = await site();
    const clients = Array.from({ length: 20 }, () => rawClient(port));
    for (const client of clients) {
      client.socket.pause();
      client.socket.write(request('/big.bin').repeat(1200));
    }
    await expect.poll(() => notices.length, soon).toBeGreaterThan(0);
    for (const client of clients) client.socket.resume();
    await Promise.all(clients.map(({ closed }) => closed));
    await expect.poll(() => openFiles('big.bin'), soon).toBe(0);
    expect((await ask(port, ['GET /a.css HTTP/1.1', HOST, 'Connection: close'])).body).toBe('a{}');
    const text = `Connections are ended: more than ${MAX_PIPELINED} requests on one wait for an answer`;
    expect(notices).toEqual([{ kind: 'limit', text }]);
  });

  it.each([
    ['for what no route is looked up for', request('/%')],
    ['for a list', request('/img/', 'Accept: text/html')],
    ['for a host that is not answered', request('/').replace('localhost', 'evil.example')],
    ['with an expectation', request('/', 'Expect: nothing')],
  ])('%s are limited as well', async (_, text) => {
    const { port } = await site();
    const client = rawClient(port);
    // It keeps all that are behind it waiting.
    client.socket.write(request('/events', 'Accept: text/event-stream'));
    await expect.poll(() => client.received, soon).toContain('dev-serve:position');
    client.socket.write(text.repeat(MAX_PIPELINED - 1));
    client.socket.write(text);
    await client.closed;
  });

  it('over HTTPS are limited as well', async () => {
    const live = await LiveSite.start({ 'a.css': 'a{}' }, { https: true });
    const client = rawClient(live.port, { tls: true });
    client.socket.write(request('/a.css').repeat(1000));
    await client.closed;
  });
});
