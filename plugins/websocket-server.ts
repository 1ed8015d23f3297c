import { createServer } from 'node:http';
import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { WebSocketTwiceError } from './errors.ts';
import { answerBadHandshakes } from './hosts/upgrade-headers.ts';
import { refuse } from './refuse.ts';
import { CLOSE_CODES } from './sockets/close-codes.ts';
import { endMalformed, endSocket } from './sockets/end-malformed.ts';
import { isOfClient } from './sockets/is-of-client.ts';
import { chooseProtocol } from './sockets/subprotocol.ts';
import { UpgradeGuard } from './sockets/upgrade-guard.ts';

/** Servers whose upgrades go through an @fastify/websocket of ours. */
const servers = new WeakSet<object>();
/** How long a client may go on sending once it is to be closed, in milliseconds. */
const ENDING = { closeTimeout: 1000 };
/** How long a closing server waits for clients to answer the closing handshake, in milliseconds. */
const CLOSE_GRACE = 500;

/** For an app without an @fastify/websocket of its own: ours takes every upgrade, and must end it. */
export async function takeUpgrades(app: FastifyInstance, maxPayload: number): Promise<void> {
  // Two would both answer each upgrade, with no way to tell whose it is.
  if (servers.has(app.server)) throw new WebSocketTwiceError();
  servers.add(app.server);
  const routes = new Set<string>();
  app.addHook('onRoute', ({ url, websocket: isRoute, wsHandler }) => {
    if (isRoute || wsHandler) routes.add(url);
  });
  const guard = UpgradeGuard.of(app.server);
  // Never listens: it hands on the upgrades that can be answered.
  const server = createServer().on('upgrade', endMalformed);
  app.server.on('upgrade', (request, socket, head) => {
    if (!guard.refuses(socket)) server.emit('upgrade', request, socket, head);
  });
  await app.register(fastifyWebsocket, {
    options: { ...ENDING, server, maxPayload, handleProtocols: chooseProtocol },
    errorHandler: endFailed,
    preClose: function closeClients(done) {
      const { websocketServer } = this;
      server.off('upgrade', endMalformed);
      server.on('upgrade', (_request, socket) => endSocket(socket));
      for (const client of websocketServer.clients) client.close(CLOSE_CODES.serviceRestart);
      setTimeout(() => {
        for (const client of websocketServer.clients) client.terminate();
      }, CLOSE_GRACE).unref();
      websocketServer.close();
      done();
    },
  });
  answerBadHandshakes(app.websocketServer);
  app.addHook('onRequest', async (request, reply) => {
    if (!request.ws) return;
    const { method, headers, is404, routeOptions } = request;
    // "The method of the request MUST be GET" (RFC 6455, 4.1): a body would never come.
    if (method !== 'GET' || !/^websocket$/i.test(headers.upgrade ?? '')) {
      return refuse(request, reply, 400, 'The only other protocol is WebSocket, by GET');
    }
    // It would accept an upgrade to any route there is, only to close it again.
    if (!is404 && !routes.has(routeOptions.url ?? '')) reply.callNotFound();
  });
}

function endFailed(error: Error, socket: WebSocket, { log }: FastifyRequest): void {
  // Whatever a client sends: a stranger shall not fill the log.
  log[isOfClient(error) ? 'debug' : 'error']({ err: error }, 'socket failed');
  socket.terminate();
}
