import { createServer, type Server } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Entrances } from '../../server/entrances.ts';
import { listen } from '../../server/listen.ts';
import { freePort } from '../support/free-port.ts';

const ADDRESSES = ['127.0.0.1', '127.0.0.2'] as const;

async function occupy(port: number, address: string): Promise<Server> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host: address }, resolve);
  });
  return server;
}

function app(): { app: FastifyInstance; entrances: Entrances } {
  const app = Fastify({ forceCloseConnections: true });
  onTestFinished(() => app.close());
  app.get('/', async () => 'ours');
  return { app, entrances: new Entrances(app) };
}

function portOf({ server }: FastifyInstance): number {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

const ask = async (port: number) =>
  Promise.all(ADDRESSES.map(async (host) => (await fetch(`http://${host}:${port}/`)).text()));

describe('a server on two addresses', () => {
  it.each([0, 1])('takes the next port when the one is taken on address %i', async (taken) => {
    const port = await freePort();
    await occupy(port, ADDRESSES[taken] ?? '');
    const { app: own, entrances } = app();
    await listen(own, entrances, { port, addresses: ADDRESSES, strictPort: false });
    expect(portOf(own)).toBe(port + 1);
    expect(await ask(port + 1)).toEqual(['ours', 'ours']);
    // Nothing is left on the other one.
    await occupy(port, ADDRESSES[1 - taken] ?? '');
  });

  it.each([0, 1])('fails when the port it must have is taken on address %i', async (taken) => {
    const port = await freePort();
    await occupy(port, ADDRESSES[taken] ?? '');
    const { app: own, entrances } = app();
    const attempt = listen(own, entrances, { port, addresses: ADDRESSES, strictPort: true });
    await expect(attempt).rejects.toMatchObject({ code: 'DEV_SERVE_ERR_PORT_TAKEN' });
    await occupy(port, ADDRESSES[1 - taken] ?? '');
  });

  it('has the same port on both when the system chooses, and none when it closes', async () => {
    const { app: own, entrances } = app();
    await listen(own, entrances, { port: 0, addresses: ADDRESSES, strictPort: true });
    const port = portOf(own);
    expect(await ask(port)).toEqual(['ours', 'ours']);
    await own.close();
    for (const address of ADDRESSES) await occupy(port, address);
  });

  it('does without one that the machine does not have', async () => {
    const { app: own, entrances } = app();
    // Of the range that is for documentation.
    const addresses = ['127.0.0.1', '192.0.2.1'] as const;
    await listen(own, entrances, { port: 0, addresses, strictPort: false });
    expect(await (await fetch(`http://127.0.0.1:${portOf(own)}/`)).text()).toBe('ours');
  });

  it('has connections of one kind: a client may end its side before it is answered', async () => {
    const { app: own, entrances } = app();
    await listen(own, entrances, { port: 0, addresses: ADDRESSES, strictPort: false });
    const kinds: boolean[] = [];
    own.server.on('connection', ({ allowHalfOpen }) => kinds.push(allowHalfOpen));
    expect(await ask(portOf(own))).toEqual(['ours', 'ours']);
    expect(kinds).toEqual([true, true]);
  });
});
