import { describe, it, onTestFinished } from 'vitest';
import { killRepeatedly } from '../support/faults/kill-repeatedly.ts';
import { seed } from '../support/random.ts';
import { packages } from '../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

describe.skipIf(!hasRedis)(
  `a server on Redis that is killed under publish (seed ${seed})`,
  { timeout: 60_000 },
  () => {
    it.each(packages)('loses nothing it has acknowledged (%s)', async (client) => {
      const { url } = await RedisServer.start(onTestFinished);
      const store = { kind: 'redis', url, client, timeout: 2000, limit: 100_000 } as const;
      const { load, end } = await killRepeatedly(store);
      load.expectComplete(end);
    });
  },
);
