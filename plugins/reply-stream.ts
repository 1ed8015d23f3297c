import type { Server } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Channel } from './events/channel.ts';
import type { ChannelHost } from './events/channel-host.ts';
import type { EventHub } from './events/event-hub.ts';
import type { EventStream } from './events/event-stream.ts';
import { lastEventId } from './events/last-event-id.ts';
import { hasLeft, onLeave } from './events/leaving.ts';
import {
  openStream,
  type RequestContext,
  type StreamOptions,
  type StreamSource,
  sortSources,
} from './events/open-stream.ts';
import { headersOf } from './events/stream-headers.ts';
import { reporter } from './stream-reporter.ts';

/** What a generator function is called with. */
export type SourceContext = RequestContext<FastifyRequest>;

/** What `reply.sse()` can be fed from. */
export type SSESource = StreamSource<FastifyRequest> | readonly StreamSource<FastifyRequest>[];

/** Makes the body of `reply`, and sets the headers that go with it. */
export function replyStream(
  own: ChannelHost,
  reply: FastifyReply,
  source: SSESource | undefined,
  options: StreamOptions = {},
): EventStream {
  const { request, raw } = reply;
  const sources = sortSources(source);
  const { channels } = sources;
  // Limits, figures and closing are those of whoever feeds the stream.
  const hub = channels.length > 0 ? Channel.hostOf(channels) : own;
  const { stream, coding } = openStream(hub, sources, options, {
    request,
    response: raw,
    acceptEncoding: request.headers['accept-encoding']?.toString(),
    lastEventId: lastEventId(request.headers, request.query),
    address: () => request.ip,
    // Fastify reads the body of a HEAD response for ever without closing it.
    isOver: request.method === 'HEAD' || hasLeft(request.raw, raw),
    onError: reporter(request.log),
  });
  const { draining } = hub.connections;
  const { httpVersionMajor } = request.raw;
  const vary = reply.getHeader('vary')?.toString();
  // That of another one, which this one replaces.
  if (coded.has(reply)) reply.removeHeader('content-encoding');
  reply.headers(headersOf({ httpVersionMajor, draining, coding, vary }));
  if (coding.name) coded.add(reply);
  onLeave(request.raw, raw, leaving(stream, hub, reply.server.server));
  return stream;
}

/** Those with the header of a compressed stream. */
const coded = new WeakSet<FastifyReply>();

/** Takes that header off an answer that has come in the place of the stream: an error, as a rule. */
export function uncodeOthers(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, payload: unknown, done) => {
    const isStream = typeof payload === 'object' && payload !== null && 'pipe' in payload;
    if (!isStream && coded.has(reply)) reply.removeHeader('content-encoding');
    done();
  });
}

/** What to do when the client leaves, or the response is done: by itself, so as to keep no request. */
function leaving(stream: EventStream, { connections }: ChannelHost, server: Server): () => void {
  return () => {
    stream.destroy();
    // A closing server has closed those that were idle by then, and would wait for this one.
    if (connections.draining) closeIdleConnections(server);
  };
}

const closing = new WeakSet<Server>();

/** Of all who ask in one turn, once. */
function closeIdleConnections(server: Server): void {
  if (closing.has(server)) return;
  closing.add(server);
  setImmediate(() => {
    closing.delete(server);
    server.closeIdleConnections?.();
  });
}

/** Ends the streams of `hub` when `app` closes. */
export function closeWithApp(hub: EventHub, app: FastifyInstance): void {
  let closed: Promise<void> | undefined;
  // Not waited for there: other hooks may have to act before the last client has gone.
  app.addHook('preClose', async () => {
    closed = hub.close();
    // As in there: the server closes its connections when this hook is done.
    await nextTurn();
  });
  app.addHook('onClose', async () => {
    await closed;
  });
}
