import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { EventStore } from '../../../plugins/events/store.ts';
import { redisStore } from '../../../plugins/events/stores/redis.ts';
import { type StoreOptions, storeTests } from '../../../plugins/testing.ts';
import { openClient, packages } from '../../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { PATIENCE } from '../../support/redis-store.ts';

describe.skipIf(!hasRedis).each(packages)('the Redis store on a client of %s', (name) => {
  const closing: (() => unknown)[] = [];
  const settings = new WeakMap<EventStore, { prefix: string } & StoreOptions>();
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start((stop) => closing.push(stop));
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  async function open(options: { prefix: string } & StoreOptions): Promise<EventStore> {
    const { client, close } = await openClient(name, server.url);
    closing.push(close);
    const store = redisStore({ client, timeout: PATIENCE, ...options });
    settings.set(store, options);
    return store;
  }
  const again = (store: EventStore) => open(settings.get(store) ?? { prefix: 'unknown' });

  const tests = storeTests((options) => open({ ...options, prefix: randomUUID() }), {
    reopen: again,
    join: again,
  });
  for (const { name: title, run } of tests) it(title, run);
});
