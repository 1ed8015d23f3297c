import type { FastifyInstance } from 'fastify';
import { atMostEvery } from '../../plugins/events/at-most-every.ts';
import { IdleConnections } from './idle-connections.ts';
import { limitConnections } from './limit-connections.ts';
import { limitPipelining, MAX_PIPELINED } from './limit-pipelining.ts';
import { limitSessions } from './limit-sessions.ts';
import type { Limits } from './limits.ts';
import { receiveInTime } from './receive-in-time.ts';
import { refuseRequests } from './refuse-requests.ts';

/** Milliseconds between two looks for requests that are late. */
const INTERVAL = 1000;

/** Milliseconds between two lines about the same limit. */
const PAUSE = 60_000;

/**
 * Makes `app`, which is to be new and not to listen yet, keep to `limits`.
 *
 * @param tell called with a line for the developer where connections are turned away
 */
export function applyLimits(
  app: FastifyInstance,
  limits: Limits,
  tell: (text: string) => void,
): void {
  const { headersTimeout, requestTimeout, maxHeaderSize, maxConnections } = limits;
  // Node reads them when it begins to listen; of HTTP/2 they hold for the HTTP/1.1 beside it.
  Object.assign(app.server, {
    maxHeaderSize,
    headersTimeout,
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(INTERVAL, headersTimeout / 4 || INTERVAL),
  });
  limitPipelining(
    app,
    atMostEvery(PAUSE, () =>
      tell(`Connections are ended: more than ${MAX_PIPELINED} requests on one wait for an answer`),
    ),
  );
  const idle = new IdleConnections();
  limitSessions(app, { timeout: headersTimeout, idle });
  limitConnections(app, {
    max: maxConnections,
    idle,
    onSurplus: atMostEvery(PAUSE, () =>
      tell(`Connections are turned away: maxConnections, ${maxConnections}, is reached`),
    ),
  });
  refuseRequests(app, limits);
  receiveInTime(app, requestTimeout);
}
