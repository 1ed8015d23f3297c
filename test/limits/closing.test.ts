import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { busyFactor } from '../support/busy.ts';
import { type CommandLine, runCommandIn } from '../support/command-line.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { ask, rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { temporarySite } from '../support/temporary-site.ts';

const STREAMS = 1000;
const READERS = 10;
/** Of the streams, so many are read by nobody, and have more to send than any socket holds. */
const STALLED_STREAMS = READERS / 2;
/** As many as a channel keeps. */
const FILES = 1000;
const LIMIT = inForm(2000, 1000);
const soon = { timeout: 60_000 };
const EVENTS = ['GET /events HTTP/1.1', 'Host: localhost', 'Accept: text/event-stream'];

async function start(...args: string[]) {
  const root = await temporarySite({ 'index.html': '<p>home', 'big.bin': '' });
  // More than any socket holds; takes no place on the disk.
  await truncate(join(root, 'big.bin'), 256 * 1024 * 1024);
  const env = { XDG_CACHE_HOME: temporaryDirectory(), CAROOT: temporaryDirectory() };
  const command = runCommandIn({ env }, root, '--port', '0', ...args);
  const url = await command.url();
  return { command, root, url, port: Number(new URL(url).port) };
}

/** Readers that take the beginning and no more, and clients that never come to the point. */
async function stall(port: number, tls: boolean, downloads = READERS): Promise<void> {
  const readers = Array.from({ length: downloads }, () => {
    const client = rawClient(port, { tls });
    client.send('GET /big.bin HTTP/1.1', 'Host: localhost');
    client.socket.once('data', () => client.socket.pause());
    return client;
  });
  for (let n = 0; n < READERS; n += 1)
    rawClient(port, { tls }).socket.write('GET / HTTP/1.1\r\nHo');
  rawClient(port).socket.write('');
  await expect.poll(() => readers.every(({ received }) => received !== ''), soon).toBe(true);
}

async function expectEnd(command: CommandLine, port: number, signal: NodeJS.Signals, what: string) {
  const start = performance.now();
  command.process.kill(signal);
  expect(await command.exit).toBe(0);
  const milliseconds = Math.round(performance.now() - start);
  // At once: this is the whole point of it.
  const next = createServer();
  onTestFinished(() => void next.close());
  await new Promise<void>((resolve, reject) => {
    next.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  expect(command.output().stderr).toBe('');
  // One second is promised, of a processor that is not shared with many others.
  expect(milliseconds).toBeLessThan(LIMIT * busyFactor());
  tell(`closing, ${what}`, { streams: STREAMS, readers: READERS, milliseconds });
}

/** Saves files with names so long that their events are 10 MB; resolves to the ids around those. */
async function fillLog(root: string, port: number): Promise<{ first: string; last: string }> {
  const reader = rawClient(port);
  reader.send(...EVENTS);
  const ids = () => [...reader.received.matchAll(/^id: (\S+)$/gm)].map(([, id = '']) => id);
  await expect.poll(ids, soon).not.toEqual([]);
  // Each is 3 bytes of a name, and 9 of a path in a URL.
  const folder = join(root, ...Array.from({ length: 14 }, () => '\u6587'.repeat(80)));
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < FILES; n += 1) await writeFile(join(folder, `${n}`), '');
  await expect.poll(() => ids().length, soon).toBe(1 + FILES);
  reader.socket.destroy();
  return { first: ids()[0] ?? '', last: ids().at(-1) ?? '' };
}

describe('G, N2: a server with 1,000 streams and 10 readers that have stalled', () => {
  it('ends within a second at SIGINT, and its port is free', async () => {
    const { command, port, root } = await start();
    const { first, last } = await fillLog(root, port);
    const clients = Array.from({ length: STREAMS - STALLED_STREAMS }, (_, n) => {
      const client = rawClient(port);
      client.send(...(n % 2 === 0 ? EVENTS : handshake('/events/ws', 'Host: localhost')));
      return client;
    });
    const isOpen = (text: string) => /:position|101 Switching/.test(text);
    await expect.poll(() => clients.every(({ received }) => isOpen(received)), soon).toBe(true);
    await stall(port, false, READERS - STALLED_STREAMS);
    const stalled = Array.from({ length: STALLED_STREAMS }, () => {
      const client = rawClient(port);
      client.send(...EVENTS, `Last-Event-ID: ${first}`);
      client.socket.once('data', () => client.socket.pause());
      return client;
    });
    await expect.poll(() => stalled.every(({ received }) => received !== ''), soon).toBe(true);
    // The next one is told to come back, and whoever asks for a file gets it.
    const surplus = await ask(port, [...EVENTS, 'Connection: close']);
    expect([surplus.status, surplus.body]).toEqual([200, expect.stringMatching(/retry: \d+/)]);
    expect(surplus.body).not.toContain(':position');
    const page = await ask(port, ['GET / HTTP/1.1', 'Host: localhost', 'Connection: close']);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('<p>home')]);
    await expectEnd(command, port, 'SIGINT', 'HTTP/1.1');
    const texts = await Promise.all(clients.map(({ closed }) => closed));
    // Each was ended in good order: the last chunk of a stream, the closing frame of a socket.
    const isEnded = (text: string, n: number) => n % 2 === 1 || text.endsWith('0\r\n\r\n');
    expect(texts.filter((text, n) => !isEnded(text, n)).length).toBe(0);
    for (const { socket, closed } of stalled) {
      socket.resume();
      // It had not all been sent: something was waiting.
      expect(await closed).not.toContain(`id: ${last}`);
    }
  }, 180_000);

  it('does so over TLS at SIGTERM', async () => {
    const { command, url, port } = await start('--https');
    let open = 0;
    for (let n = 0; n < STREAMS / 100; n += 1) {
      const session = connectHttp2(url, { rejectUnauthorized: false });
      session.on('error', () => {});
      onTestFinished(() => session.destroy());
      for (let m = 0; m < 100; m += 1) {
        const stream = session.request({ ':path': '/events', accept: 'text/event-stream' });
        stream.on('error', () => {}).resume();
        stream.once('data', () => {
          open += 1;
        });
      }
    }
    await expect.poll(() => open, soon).toBe(STREAMS);
    await stall(port, true);
    await expectEnd(command, port, 'SIGTERM', 'HTTP/2');
  }, 120_000);
});
