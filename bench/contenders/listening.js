import { once } from 'node:events';

/** More than connect at a time, whatever the suite. */
const BACKLOG = 4096;

/**
 * @param {import('node:net').Server} server
 * @returns {Promise<number>} its port, on loopback
 */
export async function listening(server) {
  server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
