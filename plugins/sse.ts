import type { FastifyInstance, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError, RegisteredTwiceError } from './errors.ts';
import { EventStreams, type SSESource } from './event-streams.ts';
import { Channel } from './events/channel.ts';
import type { EventStream } from './events/event-stream.ts';
import type { EventStore } from './events/store.ts';
import { memoryStore } from './events/stores/memory.ts';
import { intervalOption } from './options.ts';

export type { SourceContext, SSESource } from './event-streams.ts';
export type { Channel } from './events/channel.ts';
export type { Cursor, Sink } from './events/cursor.ts';
export type { EventStream } from './events/event-stream.ts';
export type { Entry, EventMessage, EventText, StreamMessage } from './events/message.ts';
export type { EventSource } from './events/source.ts';
export type { EventStore, Tail } from './events/store.ts';
export { type MemoryStoreOptions, memoryStore } from './events/stores/memory.ts';

export interface SSEOptions {
  /** Where channels keep their events. A store that is passed in is not closed with the server. @default memoryStore() */
  readonly store?: EventStore | undefined;
  /** Reconnection time for clients, in milliseconds, at least 100. @default 1000 */
  readonly retry?: number | undefined;
  /** Milliseconds between comments on idle streams. @default 15_000 */
  readonly heartbeatInterval?: number | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The channel of this name: the same one for everybody who asks. */
    channel(name: string): Channel;
  }
  interface FastifyReply {
    /** An event stream to return from the handler; without a source it is fed with `send()`. */
    sse(source?: SSESource): EventStream;
  }
}

async function plugin(app: FastifyInstance, options: SSEOptions): Promise<void> {
  if (app.hasDecorator('channel')) throw new RegisteredTwiceError('dev-serve/sse');
  const retry = intervalOption('retry', options.retry ?? 1000, 100);
  const heartbeat = intervalOption('heartbeatInterval', options.heartbeatInterval ?? 15_000, 1);
  const store = storeOption(options.store) ?? memoryStore();
  const channels = new Map<string, Channel>();
  const streams = new EventStreams(app, retry, heartbeat);

  app.decorate('channel', (name: string): Channel => {
    const known = channels.get(name);
    if (known) return known;
    const channel = new Channel(name, store);
    channels.set(name, channel);
    return channel;
  });

  app.decorateReply('sse', function (this: FastifyReply, source?: SSESource): EventStream {
    return streams.open(this, source);
  });

  app.addHook('preClose', async () => {
    for (const channel of channels.values()) channel.close();
  });
  app.addHook('onClose', async () => {
    if (options.store === undefined) await store.close();
  });
}

function storeOption(store: EventStore | undefined): EventStore | undefined {
  if (store === undefined) return undefined;
  const verbs = [store?.append, store?.read, store?.follow, store?.close];
  if (verbs.every((verb) => typeof verb === 'function')) return store;
  throw new InvalidOptionError('store', 'must be an event store, e.g. memoryStore()');
}

const sse = fp(plugin, { name: 'dev-serve-sse', fastify: '5.x' });
export default sse;
