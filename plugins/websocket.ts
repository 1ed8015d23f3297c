import type { FastifyInstance, FastifyPluginOptions, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { WebSocket } from 'ws';
import { ForeignOriginError, InvalidOptionError } from './errors.ts';
import { type AnyChannel, Channel } from './events/channel.ts';
import { lastEventId } from './events/last-event-id.ts';
import { endingsOf } from './events/lifetime.ts';
import type { StreamOptions } from './events/open-stream.ts';
import { parseHost } from './hosts/host.ts';
import { isAllowedOrigin, parseAllowedOrigins } from './hosts/origin.ts';
import { ownHeaders } from './hosts/own-headers.ts';
import { carryOwnHeaders } from './hosts/upgrade-headers.ts';
import { functionOption, integerOption, knownOptions, listOption } from './options.ts';
import { quoted } from './printable.ts';
import { refuse } from './refuse.ts';
import { CLOSE_CODES } from './sockets/close-codes.ts';
import { SocketConnection } from './sockets/socket-connection.ts';
import { PROTOCOL } from './sockets/subprotocol.ts';
import { UpgradeGuard } from './sockets/upgrade-guard.ts';
import type {} from './sse.ts';
import { reporter } from './stream-reporter.ts';
import { toError } from './to-error.ts';
import { takeUpgrades } from './websocket-server.ts';

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

const MAX_PAYLOAD = 16 * 1024;

async function plugin(
  app: FastifyInstance,
  options: WebSocketOptions & FastifyPluginOptions,
): Promise<void> {
  const { prefix, logLevel, logSerializers, ...own } = options;
  knownOptions(own, ['path', 'channel', 'subscription', 'allowedOrigins', 'maxPayload']);
  const channelsOf = channelOption(app, options.channel);
  const noOptions = (): StreamOptions => ({});
  const optionsOf = functionOption('subscription', options.subscription ?? noOptions);
  const allowedOrigins = parseAllowedOrigins(options.allowedOrigins ?? []);
  if (typeof options.path !== 'string' || !options.path.startsWith('/')) {
    throw new InvalidOptionError('path', 'must be a path that starts with "/", e.g. "/events/ws"');
  }

  const maxPayload = integerOption('maxPayload', options.maxPayload ?? MAX_PAYLOAD, 1);
  app.addHook('onRequest', UpgradeGuard.of(app.server).onRequest);
  if (!app.hasDecorator('websocketServer')) await takeUpgrades(app, maxPayload);
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
      const onError = reporter(request.log);
      try {
        const { until, maxAge, state, ...place } = (await optionsOf(request)) ?? {};
        const endings = endingsOf(until, maxAge);
        const channels = (await sources.get(request)) ?? [];
        sources.delete(request);
        const hub = Channel.hostOf(channels);
        const { figures, connections } = hub;
        const settings = { envelopes: socket.protocol === PROTOCOL, state, figures, connections };
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
