import { createServer } from 'node:net';

/**
 * A port that was free a moment ago, and the one after it. Outside of the range from which systems
 * give out ports, so that nobody gets it by chance.
 */
export async function freePort(): Promise<number> {
  const port = 20_000 + 2 * Math.floor(Math.random() * 5000);
  return (await isFree(port)) && (await isFree(port + 1)) ? port : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
