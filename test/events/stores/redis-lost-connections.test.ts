import { describe, expect, it, onTestFinished } from 'vitest';
import { packages } from '../../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import {
  holes,
  killConnections,
  openAdmin,
  openStore,
  publish,
  record,
  text,
} from '../../support/redis-store.ts';

const soon = { timeout: 20_000 };

describe.skipIf(!hasRedis).each(packages)('a Redis store on a client of %s', (name) => {
  it('reports what was appended while its tail had no connection', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const [one, other] = [await openStore(name, server), await openStore(name, server)];
    const entries = await record(one);
    await other.append('a', text(1));
    await expect.poll(() => entries.length, soon).toBe(1);
    await expect.poll(() => killConnections(admin, /^xread$/), soon).toBe(1);
    for (let n = 2; n <= 20; n++) await other.append('a', text(n));
    await expect.poll(() => entries.length, soon).toBe(20);
    expect(holes(entries)).toEqual([]);
  });

  it('refuses no append for a lost connection, and appends none twice', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const stores = [await openStore(name, server), await openStore(name, server)];
    const followers = await Promise.all(stores.map(record));
    const publishers = stores.flatMap((store, n) =>
      ['a', 'b', 'c'].map((channel) => publish(store, `${channel}${n}`)),
    );
    for (let kills = 0; kills < 15; )
      kills += await killConnections(admin, /^(xread|eval|evalsha)$/);
    await Promise.all(publishers.map(({ stop }) => stop()));
    const acknowledged = publishers.flatMap((publisher) => publisher.acknowledged);
    expect(publishers.map(({ refused }) => refused)).toEqual(publishers.map(() => 0));
    for (const entries of followers) {
      await expect.poll(() => entries.length, soon).toBe(acknowledged.length);
      expect(holes(entries)).toEqual([]);
      expect(new Set(entries.map(({ data }) => data)).size).toBe(entries.length);
    }
  });

  it('numbers appends that are made at once without a hole, also when scripts were forgotten', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore(name, server);
    const entries = await record(store);
    for (let round = 0; round < 3; round++) {
      await admin.script('FLUSH');
      await Promise.all(Array.from({ length: 100 }, (_, n) => store.append(`${n % 3}`, text(n))));
    }
    expect(entries).toHaveLength(300);
    expect(holes(entries)).toEqual([]);
    expect(entries.map(({ data }) => Number(data) % 100)).toEqual(
      entries.map((_, index) => index % 100),
    );
  });

  it('ends its tail connection with the last follower, and leaves the client alone', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore(name, server);
    const connections = async () =>
      String(await admin.client('LIST'))
        .split('\n')
        .filter((line) => line.startsWith('id=')).length;
    const before = await connections();
    const tails = [await store.follow(() => {}), await store.follow(() => {})];
    expect(await connections()).toBe(before + 1);
    for (const tail of tails) tail.stop();
    await expect.poll(connections, soon).toBe(before);
    await store.follow(() => {});
    await store.close();
    await expect.poll(connections, soon).toBe(before);
  });
});
