import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Notice } from '../../plugins/tabs/notice.ts';
import { ask } from '../support/backends/ask.ts';
import { Backend } from '../support/backends/backend.ts';
import { listen } from '../support/http-servers.ts';
import { LiveSite } from '../support/live-site.ts';

const document = { headers: { 'sec-fetch-dest': 'document', accept: 'text/html' } };

async function start(proxy: string) {
  const notices: Notice[] = [];
  const site = await LiveSite.start({}, { proxy, onNotice: (notice) => notices.push(notice) });
  return { site, texts: () => notices.map(({ text }) => text) };
}

/** A server that does this to each connection, and speaks no HTTP by itself. */
async function rawServer(answer: string | undefined): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.once('data', () => {
      if (answer === undefined) socket.destroy();
      else socket.end(answer);
    });
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

describe('X6: an upstream that is down', () => {
  it('is a page for a navigation and a line for anything else, without the password', async () => {
    const backend = await Backend.node('app');
    const { site, texts } = await start(`http://user:secret@127.0.0.1:${backend.port}/`);
    expect((await ask(site.url)).status).toBe(200);
    await backend.kill();
    const startedAt = performance.now();
    const page = await ask(site.url, document);
    const other = await ask(`${site.url}data.json`, { method: 'POST', body: [Buffer.from('{}')] });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect([page.status, other.status]).toEqual([502, 502]);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.text).toContain('/@dev-serve/client.js');
    expect(page.text).toContain(backend.url);
    expect(other.text).toBe(`${backend.url} does not answer: nothing listens there\n`);
    expect(other.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    });
    await backend.start();
    expect((await ask(site.url)).status).toBe(200);
    expect(texts()).toEqual([
      `${backend.url} does not answer: nothing listens there`,
      `${backend.url} answers again`,
    ]);
    expect(page.text + other.text + texts()).not.toContain('secret');
  });

  it('that crashes at a request is one that does not answer it', async () => {
    const backend = await Backend.node('app');
    const { site } = await start(backend.url);
    const { status, text } = await ask(`${site.url}crash`);
    expect(status).toBe(502);
    expect(text).toContain('hung up before it answered');
    await backend.start();
    expect((await ask(`${site.url}echo`)).status).toBe(200);
  });

  it.each([
    ['hangs up', undefined, 'it hung up before it answered'],
    ['says nothing', '', 'it hung up before it answered'],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n', 'what it answers is no HTTP'],
    ['has no end to its head', 'HTTP/1.1 200 OK\r\nX: ', 'it hung up before it answered'],
    [
      'switches protocols unasked',
      'HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      '',
    ],
    ['has a status of its own', 'HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n', ''],
  ])('%s: is said in one line', async (_what, answer, reason) => {
    const { site } = await start(await rawServer(answer));
    const { status, text } = await ask(site.url);
    expect(status).toBe(502);
    expect(text).toMatch(/^http:\/\/127\.0\.0\.1:\d+ does not answer: [^\n]+\n$/);
    expect(text).toContain(reason);
  });

  it('whose name is unknown is said in one line', async () => {
    const { site } = await start('http://nowhere.invalid');
    const { status, text } = await ask(site.url);
    expect(status).toBe(502);
    expect(text).toMatch(/^http:\/\/nowhere\.invalid does not answer: [^\n]+\n$/);
  });
});
