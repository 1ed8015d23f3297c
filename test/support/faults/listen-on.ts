import { once } from 'node:events';
import type { Server } from 'node:net';

/** Has it listen on a free port of the loopback interface; resolves to its origin. */
export async function listenOn(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('it has no port');
  return `http://127.0.0.1:${address.port}`;
}
