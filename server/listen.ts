import { lookup } from 'node:dns/promises';
import type { FastifyInstance } from 'fastify';
import { PortTakenError } from '../plugins/errors.ts';
import type { Entrances } from './entrances.ts';

export interface ListenOptions {
  /** First port to try; 0 lets the system choose. */
  readonly port: number;
  /** What to listen on, the same port on each; only the first one has to exist. */
  readonly addresses: readonly [string, ...string[]];
  /** Whether to fail when the port is taken, instead of taking the next free one. */
  readonly strictPort: boolean;
}

const MAX_PORT = 65_535;
/** How often the system may choose a port that is taken on another address. */
const ATTEMPTS = 20;

/** Makes `app` listen on the first port that is free on all addresses. */
export async function listen(
  app: FastifyInstance,
  entrances: Entrances,
  { port, addresses, strictPort }: ListenOptions,
): Promise<void> {
  await app.ready();
  const last = port === 0 ? ATTEMPTS : MAX_PORT - port;
  for (let attempt = 0; attempt <= (strictPort && port !== 0 ? 0 : last); attempt += 1) {
    const candidate = port === 0 ? 0 : port + attempt;
    if (await listenOn(app, entrances, candidate, addresses)) return;
    // Else a browser that takes another address would find somebody else's server there.
    await entrances.close();
  }
  throw new PortTakenError(port);
}

/**
 * The addresses of a host. Fastify would make a second server for the second one of `localhost`, out of
 * sight of limits.
 */
export async function addressesOf(host: string): Promise<readonly [string, ...string[]]> {
  if (host !== 'localhost') return [host];
  const [first, ...others] = await lookup(host, { all: true });
  return [first?.address ?? host, ...others.map(({ address }) => address)];
}

/** Whether the port was free. The app is last: it can be made to listen only once. */
async function listenOn(
  app: FastifyInstance,
  entrances: Entrances,
  wanted: number,
  [first, ...others]: readonly [string, ...string[]],
): Promise<boolean> {
  try {
    let port = wanted;
    for (const address of others) port = await openIfThere(entrances, port, address);
    await app.listen({ port, host: first });
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** A machine may have no IPv6, and still know an address of it. */
async function openIfThere(entrances: Entrances, port: number, address: string): Promise<number> {
  try {
    return await entrances.open(port, address);
  } catch (error) {
    if (isTaken(error)) throw error;
    return port;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
