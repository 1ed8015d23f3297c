import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * A free port, and the one after it, for this process alone until it ends, whether or not something
 * listens there. Outside of the range from which systems give out ports, so that nobody gets it by
 * chance.
 */
export async function freePort(): Promise<number> {
  const port = 20_000 + 2 * Math.floor(Math.random() * 5000);
  const isMine = await isReserved(port);
  return isMine && (await isFree(port)) && (await isFree(port + 1)) ? port : freePort();
}

/** Other tests ask for the same port over UDP, where nobody else wants it. */
function isReserved(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
