import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import type { EventStore } from '../../../plugins/events/store.ts';
import { durableStore } from '../../../plugins/events/stores/durable.ts';
import { memoryStore } from '../../../plugins/events/stores/memory.ts';
import { redisStore } from '../../../plugins/events/stores/redis.ts';
import { openClient } from '../redis-clients.ts';
import { hasRedis, RedisServer } from '../redis-server.ts';
import { PATIENCE } from '../redis-store.ts';

type Ending = Pick<TestContext, 'onTestFinished'>;

/** A place where events are kept, as a test chooses one. */
export interface StoreKind {
  readonly name: 'memory' | 'durable' | 'redis';
  /** False where the program it needs is not installed. */
  readonly available: boolean;
  /** Opens an empty one, closed with the test. `limit`: how many events of a channel are kept. */
  open(ending: Ending, limit: number): Promise<EventStore>;
}

const memory: StoreKind = {
  name: 'memory',
  available: true,
  open: async (_ending, limit) => memoryStore({ limit }),
};

const durable: StoreKind = {
  name: 'durable',
  available: true,
  async open(ending, limit) {
    const store = await durableStore({ path: await temporaryFolder(ending), limit });
    ending.onTestFinished(() => store.close());
    return store;
  },
};

/** Every kind of store; the tests of a file share one Redis. */
export function useStores(): readonly StoreKind[] {
  let server: Promise<RedisServer> | undefined;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    if (hasRedis) server = RedisServer.start((stop) => stops.push(stop));
    await server;
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
  });
  const redis: StoreKind = {
    name: 'redis',
    available: hasRedis,
    async open(ending, limit) {
      const { client, close } = await openClient('redis', (await server)?.url ?? '');
      ending.onTestFinished(close);
      const store = redisStore({ client, timeout: PATIENCE, limit, prefix: crypto.randomUUID() });
      ending.onTestFinished(() => store.close());
      return store;
    },
  };
  return [memory, durable, redis];
}

/** Removed when the test ends; made for tests that run at the same time, unlike others. */
export async function temporaryFolder({ onTestFinished }: Ending): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'dev-serve-peers-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
