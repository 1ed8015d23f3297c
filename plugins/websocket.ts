import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyPluginOptions, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { WebSocket } from 'ws';
import { InvalidOptionError, WebSocketTwiceError } from './errors.ts';
import { type AnyChannel, Channel } from './events/channel.ts';
import { lastEventId } from './events/last-event-id.ts';
import type { SubscribeOptions } from './events/typed-events.ts';
import { functionOption, knownOptions, listOption } from './options.ts';
import { CLOSE_CODES, SocketConnection } from './sockets/socket-connection.ts';
import type {} from './sse.ts';

export interface WebSocketOptions {
  /** Path of the route, e.g. `/events/ws`. */
  readonly path: string;
  /** What feeds the sockets: the name of a channel or several, or a function of the request. */
  readonly channel: string | readonly string[] | ((request: FastifyRequest) => SocketSource);
  /** Where clients begin and what they get, as for `reply.sse()`. */
  readonly subscription?: ((request: FastifyRequest) => SocketStreamOptions) | undefined;
}

export type SocketSource = AnyChannel | readonly AnyChannel[];

export interface SocketStreamOptions extends SubscribeOptions {
  /** What the app wants to know of this client later, as `stream.state`. */
  readonly state?: unknown;
}

/** Servers whose upgrades go through an @fastify/websocket of ours. */
const servers = new WeakSet<object>();
/** Clients that ask for this subprotocol get envelopes with positions, and can resume. */
const PROTOCOL = 'dev-serve';
/** The sockets only send; a client that talks is disconnected before it can send much. */
const MAX_PAYLOAD = 1024;
/** How long a closing server waits for clients to answer the closing handshake, in milliseconds. */
const CLOSE_GRACE = 500;

async function plugin(
  app: FastifyInstance,
  options: WebSocketOptions & FastifyPluginOptions,
): Promise<void> {
  const { prefix, logLevel, logSerializers, ...own } = options;
  knownOptions(own, ['path', 'channel', 'subscription']);
  const channelsOf = channelOption(app, options.channel);
  const optionsOf = functionOption('subscription', options.subscription ?? (() => ({})));
  if (typeof options.path !== 'string' || !options.path.startsWith('/')) {
    throw new InvalidOptionError('path', 'must be a path that starts with "/", e.g. "/events/ws"');
  }

  if (!app.hasDecorator('websocketServer')) await registerWebsocket(app);

  app.get(options.path, { websocket: true }, (socket: WebSocket, request) => {
    socket.on('error', (error) => request.log.debug({ err: error }, 'socket failed'));
    const { state, ...subscription }: SocketStreamOptions = optionsOf(request);
    const channels = channelsOf(request);
    const { host } = channels[0];
    const envelopes = socket.protocol === PROTOCOL;
    const { figures } = host;
    const connection = new SocketConnection(socket, request.raw.socket, {
      envelopes,
      state,
      figures,
    });
    if (!host.hasRoom(request.ip, channels)) return connection.refuse();
    host.connections.add(connection, request.ip);
    const id = lastEventId(request.headers, request.query);
    const place = { ...subscription, lastEventId: id, stream: connection };
    connection.read(Channel.subscribe(channels, connection, place));
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

/** Fastify answers 400 to a malformed path and runs no hook that could end the socket. */
function endMalformed(request: IncomingMessage, socket: Duplex): void {
  // The query may hold any bytes: a client sends its last event id there.
  const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
  try {
    decodeURI(path);
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

type Channels = readonly [AnyChannel, ...AnyChannel[]];

function channelOption(
  app: FastifyInstance,
  option: WebSocketOptions['channel'],
): (request: FastifyRequest) => Channels {
  if (typeof option === 'function') return (request) => atLeastOne([option(request)].flat());
  const names = typeof option === 'string' ? [option] : listOption('channel', option);
  if (!app.hasPlugin('dev-serve-sse')) {
    throw new InvalidOptionError('channel', 'names a channel: register dev-serve/sse before this');
  }
  const named = atLeastOne(names.map((name) => app.channel(name)));
  return () => named;
}

function atLeastOne([first, ...others]: readonly AnyChannel[]): Channels {
  if (first === undefined)
    throw new InvalidOptionError('channel', 'must name at least one channel');
  return [first, ...others];
}

const websocket = fp(plugin, { name: 'dev-serve-websocket', fastify: '5.x' });
export default websocket;
