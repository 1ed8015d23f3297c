import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { CommandServer } from '../support/faults/command-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { LiveSite } from '../support/live-site.ts';
import { type RawClient, rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';
import { temporarySite } from '../support/temporary-site.ts';

const MEBIBYTE = 1024 * 1024;
const MASK = Buffer.alloc(4);
const frame = (first: number, length = 0) =>
  Buffer.concat([Buffer.from([first, 0x80 | length]), MASK, Buffer.alloc(length)]);
const EMPTY_BEGINNING = frame(0x01);
const EMPTY_FRAGMENT = frame(0x00);
const PING = frame(0x89, 4);

function open(url: string): WebSocket {
  const socket = new WebSocket(new URL('/events/ws', url.replace('http', 'ws')));
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  return socket;
}

async function upgraded(port: number): Promise<RawClient> {
  const client = rawClient(port);
  client.send(...handshake('/events/ws', 'Host: localhost'));
  await expect.poll(() => client.received).toContain('101 Switching');
  return client;
}

describe('O4: the socket for reloading takes nothing', () => {
  it.each([
    ['text', 'reload', 1008],
    ['JSON', '{"type":"reload"}', 1008],
    ['no text', '', 1008],
    ['bytes', Buffer.from([1, 2, 3]), 1008],
    ['1 KiB', 'a'.repeat(1024), 1008],
    ['more than 1 KiB', 'a'.repeat(1025), 1009],
    ['16 MiB', Buffer.alloc(16 * MEBIBYTE), 1009],
  ])('%s is the end of it, and nobody hears of it', async (_what, data, code) => {
    const site = await LiveSite.start({ 'index.html': '' });
    const other = open(site.url);
    const heard: string[] = [];
    other.on('message', (message) => heard.push(String(message)));
    await once(other, 'open');
    const socket = open(site.url);
    await once(socket, 'open');
    socket.send(data);
    expect((await once(socket, 'close'))[0]).toBe(code);
    expect([other.readyState, heard]).toEqual([WebSocket.OPEN, []]);
  });

  it('a client that does not care to be closed is hung up on', async () => {
    const site = await LiveSite.start({ 'index.html': '' });
    const client = await upgraded(site.port);
    const timer = setInterval(() => client.socket.write(frame(0x81, 5)), 20);
    onTestFinished(() => clearInterval(timer));
    await client.closed;
  });
});

describe('N5: a WebSocket', () => {
  it('compresses nothing, though a client offers to', async () => {
    const site = await LiveSite.start({ 'index.html': '' });
    const client = rawClient(site.port);
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';
    client.send(...handshake('/events/ws', 'Host: localhost', offer));
    await expect.poll(() => client.received).toContain('101 Switching');
    expect(client.received).not.toMatch(/extensions/i);
  });

  it('costs next to nothing, whatever frames it is flooded with', async () => {
    const server = await CommandServer.start(await temporarySite({ 'index.html': '' }));
    const port = Number(new URL(server.origin).port);
    const fragments = async () => {
      const client = await upgraded(port);
      client.socket.write(EMPTY_BEGINNING);
      client.socket.write(Buffer.concat(Array.from({ length: 100_000 }, () => EMPTY_FRAGMENT)));
      await client.closed;
    };
    const pings = async (seconds: number) => {
      const client = await upgraded(port);
      for (let tenth = 0; tenth < 10 * seconds && !client.isClosed; tenth += 1) {
        client.socket.write(Buffer.concat(Array.from({ length: 100 }, () => PING)));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      client.socket.destroy();
      await client.closed;
    };
    await Promise.all([fragments(), pings(0.2)]);
    const before = await server.figures();
    await Promise.all([...Array.from({ length: 3 }, fragments), pings(inForm(1, 30))]);
    const after = await server.figures();
    const growth = (after.rss - before.rss) / MEBIBYTE;
    expect(growth).toBeLessThan(20);
    expect(server.complaints).toBe('');
    tell('frames', { 'RSS, MiB': growth.toFixed(1) });
  });

  it('whose client reads no pong is hung up on, or costs no more than its buffer', async () => {
    const server = await CommandServer.start(await temporarySite({ 'index.html': '' }));
    const client = await upgraded(Number(new URL(server.origin).port));
    client.socket.pause();
    const before = await server.figures();
    const pings = Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x89, 125)));
    for (let times = 0; times < 20; times += 1) client.socket.write(pings);
    await expect
      .poll(async () => (await server.figures()).streams.streams, { timeout: 10_000 })
      .toBe(0);
    const after = await server.figures();
    expect((after.rss - before.rss) / MEBIBYTE).toBeLessThan(20);
  });
});
