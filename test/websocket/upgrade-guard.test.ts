import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { UpgradeGuard } from '../../plugins/sockets/upgrade-guard.ts';
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
