import { connect as connectHttp2 } from 'node:http2';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, rawClient } from '../support/raw-client.ts';
import { temporarySite } from '../support/temporary-site.ts';

const FILES = { 'index.html': '<p>home', 'a.css': 'p {}' };
const HOST = 'Host: localhost';
const LENGTH = 'Content-Length: 10';
const CHUNKED = 'Transfer-Encoding: chunked';
const soon = { timeout: 20_000 };

const BYPASSES: readonly (readonly [what: string, lines: readonly string[], status: number])[] = [
  ['of an upgrade that is none', ['POST /a.css HTTP/1.1', HOST, LENGTH, 'Upgrade: x'], 405],
  ['of one to no file', ['POST /none HTTP/1.1', HOST, LENGTH, 'Upgrade: x'], 404],
  ['for a path that cannot be read', ['POST /% HTTP/1.1', HOST, LENGTH], 400],
  ['for one, in chunks', ['POST /% HTTP/1.1', HOST, CHUNKED], 400],
  ['with an expectation', ['POST /a.css HTTP/1.1', HOST, LENGTH, 'Expect: much'], 417],
];

describe('N1: a body that does not come', () => {
  it.each([false, true])('keeps no connection, whatever the head says (TLS: %s)', async (https) => {
    const options = { https, maxConnections: BYPASSES.length, requestTimeout: 2000 };
    const site = await LiveSite.start(FILES, options);
    const clients = BYPASSES.map(([what, lines, status]) => {
      const client = rawClient(site.port, { tls: https });
      client.send(...lines);
      return { what, client, status };
    });
    for (const { what, client, status } of clients) {
      expect([what, parseAnswer(await client.closed).status]).toEqual([what, status]);
    }
    const visitor = rawClient(site.port, { tls: https });
    visitor.send('GET / HTTP/1.1', HOST);
    await expect.poll(() => visitor.received, soon).toContain('<p>home');
  });

  it.each(BYPASSES.slice(2))('%s is not waited for once it is answered', async (_what, lines) => {
    const site = await LiveSite.start(FILES, { requestTimeout: 0 });
    const client = rawClient(site.port);
    client.send(...lines);
    expect(parseAnswer(await client.closed).head).toMatch(/^connection: close$/im);
  });

  it.each([
    ['%', '/%', {}],
    ['an expectation', '/a.css', { expect: 'much' }],
  ])('over HTTP/2 with %s, ends its stream', async (_what, path, headers) => {
    const site = await LiveSite.start(FILES, { https: true, requestTimeout: 2000 });
    const session = connectHttp2(site.url, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    stream.on('error', () => {}).resume();
    stream.write('{');
    await new Promise((resolve) => stream.once('close', resolve));
    expect(session.destroyed).toBe(false);
  });

  it('over HTTP/2 is not lengthened by the bodies beside it', async () => {
    const site = await LiveSite.start(FILES, {
      https: true,
      requestTimeout: 1000,
      prepare: (app) => void app.post('/upload', { bodyLimit: 2 ** 30 }, async () => 'done'),
    });
    const session = connectHttp2(site.url, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    const post = () => {
      const headers = { ':method': 'POST', ':path': '/upload', 'content-type': 'text/plain' };
      return session.request(headers).on('error', () => {});
    };
    const [big, slow] = [post(), post()];
    big.resume();
    slow.write('a');
    // As much as would be worth a quarter of an hour.
    big.end(Buffer.alloc(900 * 1024));
    const status = new Promise((resolve) => {
      slow.once('response', (head) => resolve(head[':status']));
    });
    slow.resume();
    expect(await status).toBe(408);
  }, 20_000);

  it('is broken off once it was answered, however much of it comes', async () => {
    const site = await LiveSite.start(FILES, { requestTimeout: 1000 });
    const client = rawClient(site.port);
    client.send('POST /a.css HTTP/1.1', HOST, `Content-Length: ${2 ** 40}`);
    const timer = setInterval(() => client.socket.write(Buffer.alloc(8192)), 50);
    onTestFinished(() => clearInterval(timer));
    expect(parseAnswer(await client.closed).status).toBe(405);
  }, 20_000);

  it('of a request that never came over a wire is not kept', async () => {
    const root = await temporarySite(FILES);
    const { app, close } = await createDevServer({ root, requestTimeout: 2000 });
    onTestFinished(close);
    const seen: WeakRef<object>[] = [];
    app.post('/x', async ({ raw }) => {
      seen.push(new WeakRef(raw));
      return 'ok';
    });
    for (let times = 0; times < 5; times += 1) {
      await app.inject({ method: 'POST', url: '/x', payload: { a: 1 } });
    }
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const kept = () => {
      collectGarbage();
      return seen.filter((reference) => reference.deref() !== undefined).length;
    };
    await expect.poll(kept, { timeout: 5000 }).toBe(0);
    expect(seen.length).toBe(5);
  });
});
