import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { namesEventStream } from '../../plugins/events/accept.ts';
import { isUpgrade } from '../../plugins/hosts/is-upgrade.ts';
import { ownHeaders } from '../../plugins/hosts/own-headers.ts';
import { hangUpAfter, refuse } from '../../plugins/refuse.ts';
import { requestHook } from '../../plugins/sync-hooks.ts';
import { ConnectionTable } from './connections.ts';
import type { IdleConnections } from './idle-connections.ts';
import { watchIdleSockets } from './idle-sockets.ts';

/** Milliseconds that a closing server leaves to connections before it ends them. */
const GRACE = 500;
const TOO_MANY = 'Too many connections: maxConnections is the limit';

interface Connections {
  readonly max: number;
  /** Those that make room for others; of HTTP/2, they are added already. */
  readonly idle: IdleConnections;
  /** Called for each connection that is too many. */
  readonly onSurplus: () => void;
}

/** Answers connections beyond `max` that they are too many, and ends all when `app` closes. */
export function limitConnections(
  app: FastifyInstance,
  { max, idle, onSurplus }: Connections,
): void {
  const { server } = app;
  watchIdleSockets(server, idle);
  const table = new ConnectionTable(max, () => idle.endOne(), onSurplus);
  server.prependListener('connection', (socket) => table.add(socket));
  // Before all other hooks, so for every request that can be read, of an upgrade too.
  const turnAwaySurplus = requestHook((request, reply) => {
    // What app.injectWS() makes up has no socket.
    const { socket } = request.raw;
    if (socket && table.isSurplus(socket)) return turnAway(request, reply);
  });
  app.addHook('onRequest', turnAwaySurplus);
  app.addHook('preClose', async () => {
    // No one else knows those that have not come to speak HTTP.
    setTimeout(() => table.destroyAll(), GRACE).unref();
  });
}

function turnAway(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isStream = namesEventStream(request.headers.accept) && !isUpgrade(request.headers);
  if (!isStream) {
    reply.header('retry-after', '1');
    return refuse(request, reply, 503, TOO_MANY);
  }
  // An EventSource that is answered with an error would never try again.
  hangUpAfter(request, reply);
  const retry = 1000 + Math.floor(Math.random() * 1000);
  return reply
    .headers({ ...ownHeaders, 'cache-control': 'no-store' })
    .type('text/event-stream')
    .send(`retry: ${retry}\n\n`);
}
