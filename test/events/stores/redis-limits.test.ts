import { describe, expect, it, onTestFinished } from 'vitest';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { openAdmin, openStore, text } from '../../support/redis-store.ts';

const KEY = '{dev-serve}:';

describe.skipIf(!hasRedis)('the streams of a Redis store', () => {
  it('hold no more than their limits', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server, { limit: 10, tailLimit: 25 });
    const appends = Array.from({ length: 100 }, (_, n) => store.append(n % 2 ? 'a' : 'b', text(n)));
    await Promise.all(appends);
    const lengths = ['channel:a', 'channel:b', 'tail'].map((name) => admin.xlen(KEY + name));
    expect(await Promise.all(lengths)).toEqual([10, 10, 25]);
  });

  it('hold a node of the stream more than a limit from 1000 on', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('ioredis', server, { limit: 1000, tailLimit: 1100 });
    await Promise.all(Array.from({ length: 1500 }, (_, n) => store.append('a', text(n))));
    const [kept = 0, inTail = 0] = [
      await admin.xlen(`${KEY}channel:a`),
      await admin.xlen(`${KEY}tail`),
    ];
    expect(Math.min(kept - 1000, inTail - 1100)).toBeGreaterThanOrEqual(0);
    expect(Math.max(kept - 1000, inTail - 1100)).toBeLessThanOrEqual(100);
  });
});
