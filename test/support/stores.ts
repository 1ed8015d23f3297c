import { onTestFinished } from 'vitest';
import type { EventStore } from '../../plugins/events/store.ts';
import { durableStore } from '../../plugins/events/stores/durable.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { hasRedis, RedisServer } from './redis-server.ts';
import { openStore } from './redis-store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The stores that can be tested here. */
export const stores = hasRedis
  ? (['memory', 'durable', 'redis'] as const)
  : (['memory', 'durable'] as const);

export type StoreName = (typeof stores)[number];

/** An empty store of the kind, with all it needs, closed when the test is done. */
export async function newStore(kind: StoreName, limit: number): Promise<EventStore> {
  if (kind === 'redis')
    return openStore('ioredis', await RedisServer.start(onTestFinished), { limit });
  if (kind === 'memory') return memoryStore({ limit });
  const store = await durableStore({ path: temporaryDirectory(), limit });
  onTestFinished(() => store.close());
  return store;
}
