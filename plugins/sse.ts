import type { FastifyInstance, FastifyPluginOptions, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { writeDirectly } from './direct-stream.ts';
import { RegisteredTwiceError } from './errors.ts';
import type { AnyChannel, Channel, EventsOf } from './events/channel.ts';
import type { ChannelOptions, EventHub, EventHubOptions } from './events/event-hub.ts';
import type { EventStream } from './events/event-stream.ts';
import { Hub } from './events/hub.ts';
import type { StreamOptions } from './events/open-stream.ts';
import type { AnyEvents } from './events/typed-events.ts';
import { outliveHandlerTimeout } from './handler-timeout.ts';
import { closeWithApp, replyStream, type SSESource, uncodeOthers } from './reply-stream.ts';

export type { AnyChannel, Channel, EventsOf } from './events/channel.ts';
export type { ChannelOptions, EventHub } from './events/event-hub.ts';
export type { EventStream } from './events/event-stream.ts';
export type { Stats } from './events/figures.ts';
export type { Entry, EventMessage, EventText, Frame, StreamMessage } from './events/message.ts';
export type { ObservationListener, Observations } from './events/observers.ts';
export type { RequestContext, StreamOptions, StreamSource } from './events/open-stream.ts';
export type { Sink } from './events/outlet.ts';
export type { SnapshotEvents, SnapshotSource } from './events/snapshot.ts';
export type { EventSource } from './events/source.ts';
export type { AppendOptions, EventStore, Page, Tail } from './events/store.ts';
export { type MemoryStoreOptions, memoryStore } from './events/stores/memory.ts';
export type { ChannelStream } from './events/stream.ts';
export type { SinkOptions } from './events/subscribe-options.ts';
export type { Subscription } from './events/subscription.ts';
export type { ChannelEvent, MessageOf, SubscribeOptions } from './events/typed-events.ts';
export type { SourceContext, SSESource } from './reply-stream.ts';

/** Options of the plugin. */
export interface SSEOptions extends EventHubOptions {}

declare module 'fastify' {
  interface FastifyInstance {
    /** What the plugin knows: its channels and its figures. */
    readonly sse: EventHub;
    /** The channel of this name: the same one for everybody who asks. */
    channel<Events extends object = AnyEvents, State = unknown>(
      name: string,
      options?: ChannelOptions,
    ): Channel<Events, State>;
  }
  interface FastifyReply {
    /** An event stream to return from the handler, with what its channels carry. */
    sse<Channels extends AnyChannel | readonly AnyChannel[], State = unknown>(
      source: Channels,
      options?: StreamOptions<EventsOf<Channels>, State>,
    ): EventStream<State>;
    /** An event stream to return from the handler; without a source it is fed with `send()`. */
    sse<State = unknown>(
      source?: SSESource,
      options?: StreamOptions<AnyEvents, State>,
    ): EventStream<State>;
  }
}

async function plugin(
  app: FastifyInstance,
  options: SSEOptions & FastifyPluginOptions,
): Promise<void> {
  if (app.hasDecorator('sse') && app.sse instanceof Hub)
    throw new RegisteredTwiceError('dev-serve/sse');
  const { prefix, logLevel, logSerializers, ...hubOptions } = options;
  const hub = new Hub(hubOptions);
  app.decorate('sse', hub);
  app.decorate('channel', (name: string, settings?: ChannelOptions) => hub.channel(name, settings));
  app.decorateReply('sse', function (this: FastifyReply, source?: SSESource, settings = {}) {
    return replyStream(hub, this, source, settings);
  });
  app.addHook('onReady', async () => {
    // The store may come later: whoever needs it asks again.
    hub.open().catch((error: unknown) => app.log.warn({ err: error }, 'event store not open yet'));
  });
  uncodeOthers(app);
  outliveHandlerTimeout(app);
  writeDirectly(app);
  closeWithApp(hub, app);
}

const sse = fp(plugin, { name: 'dev-serve-sse', fastify: '5.x' });
export default sse;
