import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { WebSocket } from 'ws';
import { InvalidOptionError, WebSocketTwiceError } from './errors.ts';
import type { Channel } from './events/channel.ts';
import { lastEventId } from './events/last-event-id.ts';
import { intervalOption } from './options.ts';
import { CLOSE_CODES, SocketSink } from './sockets/socket-sink.ts';
import type {} from './sse.ts';

export interface WebSocketOptions {
  /** Path of the route, e.g. `/events/ws`. */
  readonly path: string;
  /** The channel that feeds the sockets: its name, or a function of the request. */
  readonly channel: string | ((request: FastifyRequest) => Channel);
  /** Milliseconds between pings; a socket that has not answered the last one is dropped. @default 15_000 */
  readonly heartbeatInterval?: number | undefined;
}

/** Servers whose upgrades go through an @fastify/websocket of ours. */
const servers = new WeakSet<object>();
/** Clients that ask for this subprotocol get envelopes with positions, and can resume. */
const PROTOCOL = 'dev-serve';
/** The sockets only send; a client that talks is disconnected before it can send much. */
const MAX_PAYLOAD = 1024;
/** How long a closing server waits for clients to answer the closing handshake, in milliseconds. */
const CLOSE_GRACE = 500;

async function plugin(app: FastifyInstance, options: WebSocketOptions): Promise<void> {
  const channelOf = channelOption(app, options.channel);
  const interval = intervalOption('heartbeatInterval', options.heartbeatInterval ?? 15_000, 1);
  if (typeof options.path !== 'string' || !options.path.startsWith('/')) {
    throw new InvalidOptionError('path', 'must be a path that starts with "/", e.g. "/events/ws"');
  }
  const sockets = new Set<SocketSink>();

  if (!app.hasDecorator('websocketServer')) await registerWebsocket(app);

  app.get(options.path, { websocket: true }, (socket: WebSocket, request) => {
    const channel = channelOf(request);
    const sink = new SocketSink(socket, request.raw.socket, socket.protocol === PROTOCOL);
    const cursor = channel.subscribe(sink, lastEventId(request.headers, request.query));
    sink.feed(cursor);
    sockets.add(sink);
    socket.once('close', () => {
      sockets.delete(sink);
      channel.unsubscribe(cursor);
    });
    socket.on('error', (error) => request.log.debug({ err: error }, 'socket failed'));
  });

  const heartbeat = setInterval(() => {
    for (const sink of sockets) sink.heartbeat();
  }, interval).unref();

  app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    const ended = Array.from(sockets, (sink) => sink.closed);
    for (const sink of sockets) sink.close(undefined, CLOSE_CODES.serviceRestart);
    const deadline = setTimeout(() => {
      for (const sink of sockets) sink.terminate();
    }, CLOSE_GRACE);
    await Promise.all(ended);
    clearTimeout(deadline);
  });
}

/** Without an @fastify/websocket of the app's own, ours takes every upgrade, and must end it. */
async function registerWebsocket(app: FastifyInstance): Promise<void> {
  // Two would both answer each upgrade, with no way to tell whose it is.
  if (servers.has(app.server)) throw new WebSocketTwiceError();
  servers.add(app.server);
  const routes = new Set<string>();
  app.addHook('onRoute', ({ url, websocket: isRoute, wsHandler }) => {
    if (isRoute || wsHandler) routes.add(url);
  });
  app.server.on('upgrade', endMalformed);
  await app.register(fastifyWebsocket, {
    options: { maxPayload: MAX_PAYLOAD, handleProtocols: chooseProtocol },
    preClose: function closeClients(done) {
      const { websocketServer, server } = this;
      server.off('upgrade', endMalformed);
      server.on('upgrade', (_request, socket) => end(socket));
      for (const client of websocketServer.clients) client.close(CLOSE_CODES.serviceRestart);
      setTimeout(() => {
        for (const client of websocketServer.clients) client.terminate();
      }, CLOSE_GRACE).unref();
      websocketServer.close();
      done();
    },
  });
  // It would accept an upgrade to any route there is, only to close it again.
  app.addHook('onRequest', async (request, reply) => {
    if (request.ws && !routes.has(request.routeOptions.url ?? '')) reply.callNotFound();
  });
}

/** Fastify answers 400 to a malformed target and runs no hook that could end the socket. */
function endMalformed(request: IncomingMessage, socket: Duplex): void {
  try {
    decodeURI(request.url ?? '');
  } catch {
    end(socket);
  }
}

function end(socket: Duplex): void {
  // The answer is written first: it is queued behind this turn.
  setImmediate(() => socket.end(() => socket.destroy()));
}

function chooseProtocol(protocols: Set<string>): string | false {
  return protocols.has(PROTOCOL) && PROTOCOL;
}

function channelOption(
  app: FastifyInstance,
  channel: WebSocketOptions['channel'],
): (request: FastifyRequest) => Channel {
  if (typeof channel === 'function') return channel;
  if (typeof channel !== 'string') {
    throw new InvalidOptionError('channel', 'must be a channel name or a function of the request');
  }
  if (!app.hasPlugin('dev-serve-sse')) {
    throw new InvalidOptionError('channel', 'names a channel: register dev-serve/sse before this');
  }
  const named = app.channel(channel);
  return () => named;
}

const websocket = fp(plugin, { name: 'dev-serve-websocket', fastify: '5.x' });
export default websocket;
