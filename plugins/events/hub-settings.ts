import { InvalidOptionError } from '../errors.ts';
import { integerOption, intervalOption, knownOptions, limitOption } from '../options.ts';
import type { ConnectionLimits } from './connections.ts';
import type { EventHubOptions } from './event-hub.ts';
import type { EventStore } from './store.ts';

/** The options of a hub, checked, with their defaults. */
export interface HubSettings extends ConnectionLimits {
  /** Undefined where the hub is to make its own. */
  readonly store: EventStore | undefined;
  readonly maxStreamsPerChannel: number;
  readonly maxUnread: number;
}

export const HUB_DEFAULTS = {
  retry: 1000,
  heartbeatInterval: 15_000,
  stallTimeout: 30_000,
  maxStreams: 20_000,
  maxStreamsPerChannel: Number.POSITIVE_INFINITY,
  maxStreamsPerAddress: Number.POSITIVE_INFINITY,
  maxUnread: 1024 * 1024,
};

/** @throws InvalidOptionError for what cannot be meant. */
export function hubSettings(options: EventHubOptions): HubSettings {
  knownOptions(options, ['store', ...Object.keys(HUB_DEFAULTS)]);
  const given = (name: keyof typeof HUB_DEFAULTS) => options[name] ?? HUB_DEFAULTS[name];
  const interval = (name: keyof typeof HUB_DEFAULTS, minimum: number) =>
    intervalOption(name, given(name), minimum);
  const limit = (name: keyof typeof HUB_DEFAULTS) => limitOption(name, given(name));
  return {
    store: storeOption(options.store),
    retry: interval('retry', 100),
    heartbeatInterval: interval('heartbeatInterval', 1),
    stallTimeout: interval('stallTimeout', 1),
    maxStreams: limit('maxStreams'),
    maxStreamsPerChannel: limit('maxStreamsPerChannel'),
    maxStreamsPerAddress: limit('maxStreamsPerAddress'),
    // Less would be reached before anybody could have read it.
    maxUnread: integerOption('maxUnread', given('maxUnread'), 16 * 1024),
  };
}

function storeOption(store: EventStore | undefined): EventStore | undefined {
  if (store === undefined) return undefined;
  const verbs = [store?.append, store?.read, store?.follow, store?.close];
  if (verbs.every((verb) => typeof verb === 'function')) return store;
  const isPromise = store instanceof Promise;
  const hint = isPromise ? 'not a promise of one: await it' : 'e.g. memoryStore()';
  throw new InvalidOptionError('store', `must be an event store, ${hint}`);
}
