import { it, onTestFinished } from 'vitest';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { MINUTES, TIMEOUT } from './soak.ts';
import { soakEvents } from './soak-events.ts';

const name = `events in Redis, ${MINUTES} minutes, seed ${seed}`;
it.runIf(hasRedis)(name, { timeout: TIMEOUT }, async () => {
  const { url } = await RedisServer.start(onTestFinished);
  await soakEvents({ kind: 'redis', limit: 200, url, client: 'ioredis', timeout: 5000 }, 25);
});
