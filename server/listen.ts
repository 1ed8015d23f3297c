import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { PortTakenError } from '../plugins/errors.ts';
import type { Entrances } from './entrances.ts';

export interface ListenOptions {
  /** First port to try; 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** Whether to fail when the port is taken, instead of taking the next free one. */
  readonly strictPort: boolean;
}

const MAX_PORT = 65_535;

/** Makes `app` listen on the first free port. */
export async function listen(
  app: FastifyInstance,
  entrances: Entrances,
  options: ListenOptions,
): Promise<void> {
  const { port, host, strictPort } = options;
  for (let candidate = port; ; candidate += 1) {
    if (port !== 0) candidate = await freePort(candidate, host);
    if (strictPort && candidate !== port) throw new PortTakenError(port);
    try {
      await listenOn(app, entrances, candidate, host);
      return;
    } catch (error) {
      // Taken since it was found free, by another server that was started at the same time.
      if (!isTaken(error) || port === 0) throw error;
    }
  }
}

/** Fastify would make a second server for the second address of `localhost`, out of sight of limits. */
async function listenOn(
  app: FastifyInstance,
  entrances: Entrances,
  port: number,
  host: string,
): Promise<void> {
  const addresses = host === 'localhost' ? await lookup(host, { all: true }) : [{ address: host }];
  const [{ address } = { address: host }, ...others] = addresses;
  await app.listen({ port, host: address });
  const bound = app.server.address();
  if (typeof bound === 'string' || bound === null) return;
  await Promise.all(others.map((other) => entrances.open(bound.port, other.address)));
}

/** The first port from `port` on that is free on every address of `host`. */
async function freePort(port: number, host: string): Promise<number> {
  const addresses = await lookup(host, { all: true });
  for (let candidate = port; candidate <= MAX_PORT; candidate += 1) {
    const free = await Promise.all(addresses.map(({ address }) => isFree(candidate, address)));
    if (free.every(Boolean)) return candidate;
  }
  throw new PortTakenError(port);
}

/** Only a taken port counts: any other reason is left to the real attempt to report. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(!isTaken(error)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
