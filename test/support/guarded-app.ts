import type { AddressInfo } from 'node:net';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import hostGuard, { type HostGuardOptions } from '../../plugins/host-guard.ts';

/** An app behind the guard with a page, an event stream of one event, and an echoing WebSocket. */
export async function guardedApp(
  options: HostGuardOptions = {},
  websocketPlugin: 'first' | 'last' | 'none' = 'last',
): Promise<{ app: FastifyInstance; port: number; log: string[] }> {
  const log: string[] = [];
  const app = Fastify({ logger: { level: 'warn', stream: { write: (line) => log.push(line) } } });
  if (websocketPlugin === 'first') await app.register(websocket);
  await app.register(hostGuard, options);
  if (websocketPlugin === 'last') await app.register(websocket);
  app.get('/', () => 'a page');
  app.get('/events', (_request, reply) => reply.type('text/event-stream').send('data: one\n\n'));
  if (websocketPlugin !== 'none') {
    app.get('/ws', { websocket: true }, (socket) => {
      socket.on('message', (data) => socket.send(data));
    });
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address() as AddressInfo;
  return { app, port: address.port, log };
}
