import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { soon } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';
import { handshake } from '../support/raw-request.ts';

/** A server that does with a connection what the test says. */
async function upstream(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port }: { port: number } = Object(server.address());
  return { url: `http://127.0.0.1:${port}`, sockets };
}

describe('an upstream', () => {
  it.each([
    ['a control byte', 'O\x01K', 'OK'],
    ['words of its own', 'Quite All Right', 'Quite All Right'],
  ])('may have %s in its reason phrase', async (_, phrase, passed) => {
    const { url } = await upstream((socket) => {
      socket.once('data', () =>
        socket.end(`HTTP/1.1 200 ${phrase}\r\nContent-Length: 2\r\n\r\nhi`),
      );
    });
    const site = await LiveSite.start({}, { proxy: url });
    const response = await fetch(`${site.url}page`);
    expect([response.status, response.statusText, await response.text()]).toEqual([
      200,
      passed,
      'hi',
    ]);
  });

  it.each([
    ['ends', (socket: Socket) => void socket.end()],
    ['breaks off', (socket: Socket) => void socket.resetAndDestroy()],
  ])('that says nothing to a WebSocket is left when the client %s', async (_, leave) => {
    const { url, sockets } = await upstream((socket) => void socket.resume());
    const site = await LiveSite.start({}, { proxy: url });
    const client = connect(site.port, '127.0.0.1');
    client.on('error', () => {});
    client.write(`${handshake('/socket', `Host: 127.0.0.1:${site.port}`).join('\r\n')}\r\n\r\n`);
    await expect.poll(() => sockets.size, soon).toBe(1);
    leave(client);
    await expect.poll(() => sockets.size, soon).toBe(0);
  });
});
