import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, type RawClient, rawClient } from '../support/raw-client.ts';

const HOST = 'Host: localhost';
const GARBAGE = 'GARBAGE\r\n\r\n';
const HALF = 'GET / HT';
const soon = { timeout: 20_000 };

async function start(https: boolean) {
  const site = await LiveSite.start({ 'index.html': '', 'big.bin': '' }, { https });
  // More than any socket holds; takes no place on the disk.
  await truncate(join(site.root, 'big.bin'), 64 * 1024 * 1024);
  return rawClient(site.port, { tls: https });
}

/** Whether anything but the one answer has come. */
async function expectNothingElse(client: RawClient): Promise<void> {
  const answers = (await client.closed).match(/HTTP\/1\.1 \d+/g);
  expect(answers).toEqual(['HTTP/1.1 200']);
}

describe.each([false, true])('N1: what cannot be read (TLS: %s)', (https) => {
  it('is not answered in the middle of a file', async () => {
    const client = await start(https);
    client.send('GET /big.bin HTTP/1.1', HOST);
    client.socket.once('data', () => {
      client.socket.pause();
      client.socket.write(GARBAGE, () => client.socket.resume());
    });
    await expectNothingElse(client);
  });

  it('is not answered in the middle of events', async () => {
    const client = await start(https);
    client.send('GET /events HTTP/1.1', HOST);
    await expect.poll(() => client.received, soon).toContain('dev-serve:position');
    client.socket.write(GARBAGE);
    await expectNothingElse(client);
  });

  it('is answered between two requests', async () => {
    const client = await start(https);
    client.send('GET / HTTP/1.1', HOST);
    await expect.poll(() => client.received, soon).toContain('200 OK');
    client.socket.write(GARBAGE);
    expect(await client.closed).toContain('HTTP/1.1 400 Bad Request');
  });

  it('of a body is the answer to its request', async () => {
    const client = await start(https);
    const head = ['POST /@dev-serve/report HTTP/1.1', HOST, 'Content-Type: application/json'];
    client.send(...head, 'Transfer-Encoding: chunked');
    client.socket.write('no number\r\n');
    expect(parseAnswer(await client.closed).status).toBe(400);
  });
});

it('N1: half of a next request ends events after its time, without a text', async () => {
  const site = await LiveSite.start({ 'index.html': '' }, { headersTimeout: 5000 });
  const client = rawClient(site.port);
  client.send('GET /events HTTP/1.1', HOST);
  await expect.poll(() => client.received, soon).toContain('dev-serve:position');
  client.socket.write(HALF);
  await expectNothingElse(client);
}, 30_000);
