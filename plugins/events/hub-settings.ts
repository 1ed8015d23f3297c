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
  readonly maxBacklog: number;
}

const DEFAULTS = {
  retry: 1000,
  heartbeatInterval: 15_000,
  stallTimeout: 30_000,
  maxStreams: 20_000,
  maxStreamsPerChannel: Number.POSITIVE_INFINITY,
  maxStreamsPerAddress: Number.POSITIVE_INFINITY,
  maxBacklog: 1024 * 1024,
};

/** @throws InvalidOptionError for what cannot be meant. */
export function hubSettings(options: EventHubOptions): HubSettings {
  knownOptions(options, ['store', ...Object.keys(DEFAULTS)]);
  const given = (name: keyof typeof DEFAULTS) => options[name] ?? DEFAULTS[name];
  const interval = (name: keyof typeof DEFAULTS, minimum: number) =>
    intervalOption(name, given(name), minimum);
  const limit = (name: keyof typeof DEFAULTS) => limitOption(name, given(name));
  return {
    store: storeOption(options.store),
    retry: interval('retry', 100),
    heartbeatInterval: interval('heartbeatInterval', 1),
    stallTimeout: interval('stallTimeout', 1),
    maxStreams: limit('maxStreams'),
    maxStreamsPerChannel: limit('maxStreamsPerChannel'),
    maxStreamsPerAddress: limit('maxStreamsPerAddress'),
    // Without one a client could fill the memory.
    maxBacklog: integerOption('maxBacklog', given('maxBacklog'), 1),
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
