import { createServer } from 'node:http';
import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyPluginOptions, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { WebSocket } from 'ws';
import { ForeignOriginError, InvalidOptionError, WebSocketTwiceError } from './errors.ts';
import { type AnyChannel, Channel } from './events/channel.ts';
import { lastEventId } from './events/last-event-id.ts';
import { endingsOf } from './events/lifetime.ts';
import type { StreamOptions } from './events/open-stream.ts';
import { parseHost } from './hosts/host.ts';
import { isAllowedOrigin, parseAllowedOrigins } from './hosts/origin.ts';
import { ownHeaders } from './hosts/own-headers.ts';
import { answerBadHandshakes, carryOwnHeaders } from './hosts/upgrade-headers.ts';
import { functionOption, integerOption, knownOptions, listOption } from './options.ts';
import { quoted } from './printable.ts';
import { refuse } from './refuse.ts';
import { endMalformed, endSocket } from './sockets/end-malformed.ts';
import { isOfClient } from './sockets/is-of-client.ts';
import { CLOSE_CODES, SocketConnection } from './sockets/socket-connection.ts';
import { chooseProtocol, PROTOCOL } from './sockets/subprotocol.ts';
import { UpgradeGuard } from './sockets/upgrade-guard.ts';
import type {} from './sse.ts';
import { toError } from './to-error.ts';

export interface WebSocketOptions {
  /** Path of the route, e.g. `/events/ws`. */
  readonly path: string;
  /** What feeds the sockets: the name of a channel or several, or a function of the request. */
  readonly channel:
    | string
    | readonly string[]
    | ((request: FastifyRequest) => SocketSource | Promise<SocketSource>);
  /** What `reply.sse()` would get as options, for each request. */
  readonly subscription?:
    | ((request: FastifyRequest) => StreamOptions | Promise<StreamOptions>)
    | undefined;
  /**
   * Origins of other sites whose pages may connect, such as `https://app.example.com`, or `*`. A page
   * of the server's own origin may, and so may whatever is no page. @default []
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Bytes that a client may send before it is disconnected for sending at all. @default 16384 */
  readonly maxPayload?: number | undefined;
}

export type SocketSource = AnyChannel | readonly AnyChannel[];

/** Servers whose upgrades go through an @fastify/websocket of ours. */
const servers = new WeakSet<object>();
const MAX_PAYLOAD = 16 * 1024;
/** How long a client may go on sending once it is to be closed, in milliseconds. */
const ENDING = { closeTimeout: 1000 };
/** How long a closing server waits for clients to answer the closing handshake, in milliseconds. */
const CLOSE_GRACE = 500;

async function plugin(
  app: FastifyInstance,
  options: WebSocketOptions & FastifyPluginOptions,
): Promise<void> {
  const { prefix, logLevel, logSerializers, ...own } = options;
  knownOptions(own, ['path', 'channel', 'subscription', 'allowedOrigins', 'maxPayload']);
  const channelsOf = channelOption(app, options.channel);
  const optionsOf = functionOption('subscription', options.subscription ?? (() => ({})));
  const allowedOrigins = parseAllowedOrigins(options.allowedOrigins ?? []);
  if (typeof options.path !== 'string' || !options.path.startsWith('/')) {
    throw new InvalidOptionError('path', 'must be a path that starts with "/", e.g. "/events/ws"');
  }

  const maxPayload = integerOption('maxPayload', options.maxPayload ?? MAX_PAYLOAD, 1);
  app.addHook('onRequest', UpgradeGuard.of(app.server).onRequest);
  if (!app.hasDecorator('websocketServer')) await registerWebsocket(app, maxPayload);
  else if (options.maxPayload !== undefined) checkPayload(app.websocketServer, maxPayload);

  const isHttps = Boolean(app.initialConfig.https);
  // CORS does not hold for WebSockets: any page could connect, with the cookies of its visitor.
  const mark = carryOwnHeaders(app.websocketServer);
  const refuseForeign = async ({ headers, raw }: FastifyRequest, reply: FastifyReply) => {
    mark(raw);
    reply.headers(ownHeaders);
    const { origin, host = '' } = headers;
    const own = parseHost(host);
    if (origin === undefined) return;
    if (own && isAllowedOrigin(origin, own, allowedOrigins, isHttps)) return;
    throw new ForeignOriginError(quoted(origin));
  };

  const sources = new WeakMap<FastifyRequest, Promise<readonly AnyChannel[]>>();
  const refuseSurplus = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!request.ws) return;
    const source = (async () => [await channelsOf(request)].flat())();
    sources.set(request, source);
    const room = source.then((all) => Channel.hostOf(all).hasRoom(request.ip, all));
    // What fails here fails again in the handler, which tells the client.
    if (await room.catch(() => true)) return;
    // Before the 101: a socket that is opened to be closed costs as much as one more stream.
    reply.header('retry-after', '1');
    return refuse(request, reply, 503, 'Too many streams: try again later');
  };

  app.get(
    options.path,
    { websocket: true, onRequest: refuseForeign, preHandler: refuseSurplus },
    async (socket: WebSocket, request) => {
      const onError = (error: Error) => request.log.error({ err: error }, 'event stream failed');
      try {
        const settled: StreamOptions = (await optionsOf(request)) ?? {};
        const { until, maxAge, state, ...place } = settled;
        const endings = endingsOf(until, maxAge);
        const channels = (await sources.get(request)) ?? [];
        const hub = Channel.hostOf(channels);
        const envelopes = socket.protocol === PROTOCOL;
        const { figures, connections } = hub;
        const settings = { envelopes, state, figures, connections };
        const connection = new SocketConnection(socket, request.raw.socket, settings);
        if (!connection.open || connections.draining) return connection.close();
        if (!hub.hasRoom(request.ip, channels)) return connection.refuse();
        connections.add(connection, request.ip, endings);
        const id = lastEventId(request.headers, request.query);
        const subscriber = { ...place, lastEventId: id, stream: connection, onError };
        Channel.subscribe(channels, connection, subscriber, (one) => connection.read(one));
      } catch (error) {
        onError(toError(error));
        socket.close(CLOSE_CODES.internalError);
      }
    },
  );
}

/** Without an @fastify/websocket of the app's own, ours takes every upgrade, and must end it. */
async function registerWebsocket(app: FastifyInstance, maxPayload: number): Promise<void> {
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

function checkPayload({ options }: FastifyInstance['websocketServer'], maxPayload: number): void {
  if (options.maxPayload === maxPayload) return;
  const reason = `is ${options.maxPayload} already: set it where the first WebSocket is registered`;
  throw new InvalidOptionError('maxPayload', reason);
}

function channelOption(
  app: FastifyInstance,
  option: WebSocketOptions['channel'],
): (request: FastifyRequest) => SocketSource | Promise<SocketSource> {
  if (typeof option === 'function') return option;
  const names = typeof option === 'string' ? [option] : listOption('channel', option);
  if (names.length === 0) throw new InvalidOptionError('channel', 'must name at least one channel');
  if (!app.hasPlugin('dev-serve-sse')) {
    throw new InvalidOptionError('channel', 'names a channel: register dev-serve/sse before this');
  }
  const named = names.map((name) => app.channel(name));
  return () => named;
}

const websocket = fp(plugin, { name: 'dev-serve-websocket', fastify: '5.x' });
export default websocket;
