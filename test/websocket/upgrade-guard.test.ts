import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { UpgradeGuard } from '../../plugins/sockets/upgrade-guard.ts';
import { listen } from '../support/http-servers.ts';
import { rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';

const IDLE = 50;

/** A server that gives up upgrades early, and the connection of one that `take` has seen. */
async function upgraded(take: (socket: Duplex) => void): Promise<Socket> {
  const server = createServer();
  new UpgradeGuard(server, IDLE);
  server.on('upgrade', (_request, socket) => take(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  rawClient(port).send(...handshake('/', 'Host: 127.0.0.1'));
  const [, socket] = await once(server, 'upgrade');
  expect(socket).toBeInstanceOf(Socket);
  return socket;
}

it('N2: an upgrade that nobody takes over is given up', async () => {
  const socket = await upgraded(() => {});
  await expect.poll(() => socket.destroyed, { timeout: 15_000 }).toBe(true);
});

it('N2: a connection that is taken over is left alone, however long it says nothing', async () => {
  const socket = await upgraded((each) => each.on('data', () => {}));
  await once(socket, 'timeout');
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

/** The connection of an upgrade behind a request that `answer` sees, and its client, who takes nothing. */
async function behind(answer: RequestListener) {
  const server = createServer(answer);
  new UpgradeGuard(server, IDLE);
  server.on('upgrade', () => {});
  const client = rawClient(await listen(server));
  client.socket.pause();
  client.send('GET / HTTP/1.1', 'Host: 127.0.0.1', '', ...handshake('/', 'Host: 127.0.0.1'));
  const [, socket] = await once(server, 'upgrade');
  expect(socket).toBeInstanceOf(Socket);
  return { client, socket };
}

it('N2: a client that takes nothing of what is in front of its upgrade is given up', async () => {
  const { socket } = await behind((_request, response) => response.end(Buffer.alloc(30_000_000)));
  await expect.poll(() => socket.destroyed, { timeout: 15_000 }).toBe(true);
});

it('N2: one that waits for the server is left alone, and answered', async () => {
  const waiting: ServerResponse[] = [];
  const { client, socket } = await behind((_request, response) => void waiting.push(response));
  await once(socket, 'timeout');
  expect(socket.destroyed).toBe(false);
  for (const response of waiting) response.end('late');
  client.socket.resume();
  expect(await client.closed).toMatch(/late$/);
});
