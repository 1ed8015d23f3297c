import { describe, expect, it } from 'vitest';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, type RawClient, rawClient } from '../support/raw-client.ts';

const PAGE = ['GET / HTTP/1.1', 'Host: localhost'];
const SIZE = 12_000_000;
const soon = { timeout: 20_000 };

async function smallSite(maxConnections: number, https: boolean) {
  const site = await LiveSite.start(
    { 'index.html': '<p>home' },
    {
      ...{ maxConnections, https, onNotice() {} },
      prepare: (app) => void app.get('/text', async () => 'x'.repeat(SIZE)),
    },
  );
  return () => rawClient(site.port, { tls: https });
}

async function visit(client: RawClient): Promise<RawClient> {
  const before = client.received.length;
  client.send(...PAGE);
  await expect.poll(() => client.received.slice(before), soon).toContain('<p>home');
  return client;
}

describe.each([false, true])('N2: room for one more (TLS: %s)', (https) => {
  it('is not made of a connection whose answer has still to leave', async () => {
    const one = await smallSite(3, https);
    const reader = one();
    reader.send('GET /text HTTP/1.1', 'Host: localhost', 'Connection: close');
    await new Promise<void>((resolve) => {
      reader.socket.once('data', () => {
        reader.socket.pause();
        resolve();
      });
    });
    for (let n = 0; n < 8; n += 1) await visit(one());
    expect(reader.isClosed).toBe(false);
    reader.socket.resume();
    expect(parseAnswer(await reader.closed).body.length).toBe(SIZE);
  });

  it('is made of the one that has waited longest, and of no other', async () => {
    const one = await smallSite(3, https);
    const [first, second, third] = [await visit(one()), await visit(one()), await visit(one())];
    await visit(first);
    await visit(one());
    await second.closed;
    expect([first.isClosed, third.isClosed]).toEqual([false, false]);
    await visit(first);
    await visit(third);
  });

  it('is not made of one on which a next request has begun', async () => {
    const one = await smallSite(2, https);
    const [first, second] = [await visit(one()), await visit(one())];
    first.socket.write('GET / HTTP/1.1\r\nHost: ');
    // What was sent first has come first.
    await visit(second);
    await visit(one());
    await second.closed;
    expect(first.isClosed).toBe(false);
    first.send('localhost', 'Connection: close');
    expect(await first.closed).toMatch(/<p>home[\s\S]*<p>home/);
  });
});
