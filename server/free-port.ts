import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';

const MAX_PORT = 65_535;

/** The first port from `port` on that is free on every address of `host`. */
export async function freePort(port: number, host: string): Promise<number> {
  const addresses = await lookup(host, { all: true });
  for (let candidate = port; candidate <= MAX_PORT; candidate += 1) {
    const free = await Promise.all(addresses.map(({ address }) => isFree(candidate, address)));
    if (free.every(Boolean)) return candidate;
  }
  return port;
}

/** Only a taken port counts: any other reason is left to the real attempt to report. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
