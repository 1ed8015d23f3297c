import { InvalidOptionError } from '../../../errors.ts';
import type { RedisConnection } from './connection.ts';
import { fromIoRedis, type IoRedisClient, isIoRedis } from './ioredis.ts';
import { fromNodeRedis, isNodeRedis, type NodeRedisClient } from './node-redis.ts';

/** `createClient()` of the package `redis` (5 or later), or `new Redis()` of `ioredis` (5 or later). */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Speaks to a client of either package; throws a coded TypeError for anything else. */
export function adapt(client: RedisClient): RedisConnection {
  if (typeof client === 'object' && client !== null) {
    if (isIoRedis(client)) return fromIoRedis(client);
    if (isNodeRedis(client)) return fromNodeRedis(client);
  }
  throw new InvalidOptionError(
    'client',
    'must be a client of the package redis or ioredis, version 5 or later, for one Redis server: ' +
      'no cluster, no pool, no sentinel client',
  );
}
