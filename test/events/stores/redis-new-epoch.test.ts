import { describe, expect, it, onTestFinished } from 'vitest';
import type { Entry } from '../../../plugins/events/message.ts';
import { packages } from '../../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import {
  epochOf,
  holes,
  openAdmin,
  openStore,
  publish,
  record,
  text,
} from '../../support/redis-store.ts';

const soon = { timeout: 20_000 };

function epochs(entries: readonly Entry[]): (string | undefined)[] {
  return [...new Set(entries.map(({ id }) => epochOf(id)))];
}

describe.skipIf(!hasRedis).each(packages)('a Redis store on a client of %s', (name) => {
  it('begins a new log after FLUSHALL under appends, and reports all of it to everybody', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const stores = [await openStore(name, server), await openStore(name, server)];
    const followers = await Promise.all(stores.map(record));
    const publishers = stores.map((store, n) => publish(store, `channel-${n}`));
    for (let round = 1; round <= 3; round++) {
      await expect
        .poll(() => followers.every((entries) => epochs(entries).length === round), soon)
        .toBe(true);
      if (round < 3) await admin.flushall();
    }
    await Promise.all(publishers.map(({ stop }) => stop()));
    const newest = await stores[0]?.append('last', text('last'));
    for (const entries of followers) {
      await expect.poll(() => entries.at(-1)?.id, soon).toBe(newest?.id);
      const last = entries.filter(({ id }) => epochOf(id) === epochOf(newest?.id ?? ''));
      expect(last[0]?.seq).toBe(1);
      expect(holes(last)).toEqual([]);
      expect(holes(entries)).toHaveLength(2);
    }
    expect(publishers.map(({ refused }) => refused)).toEqual([0, 0]);
  });

  it('is told of a new log that another node has begun, though nothing was reported since', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const [one, other] = [await openStore(name, server), await openStore(name, server)];
    const entries = await record(one);
    for (let n = 1; n <= 10; n++) await other.append('a', text(n));
    await expect.poll(() => entries.length, soon).toBe(10);
    await admin.flushall();
    const first = await other.append('a', text('new'));
    await expect.poll(() => entries.at(-1)?.id, soon).toBe(first.id);
    expect(first.seq).toBe(1);
  });

  it('says of a position in the old log that there is a gap', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore(name, server);
    const { id } = await store.append('a', text(1));
    const old = { epoch: epochOf(id) ?? '', seq: 1 };
    await admin.flushall();
    expect(await store.read('a', old, 10)).toEqual({ entries: [], gap: true });
    await store.append('a', text('new'));
    const page = await store.read('a', old, 10);
    expect(page.gap).toBe(true);
    expect(page.entries.map(({ data }) => data)).toEqual(['new']);
  });

  it('begins a new log when Redis comes back without what it had', async () => {
    const server = await RedisServer.start(onTestFinished, { durable: false });
    const [one, other] = [await openStore(name, server), await openStore(name, server)];
    const entries = await record(one);
    const before = await other.append('a', text('before'));
    await server.restart();
    const after = await other.append('a', text('after'));
    expect(after.seq).toBe(1);
    expect(epochOf(after.id)).not.toBe(epochOf(before.id));
    await expect.poll(() => entries.map(({ id }) => id), soon).toEqual([before.id, after.id]);
  });

  it('begins a new log when Redis has lost the end of what it had acknowledged', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const [one, other] = [await openStore(name, server), await openStore(name, server)];
    const followers = [await record(one), await record(other)];
    for (let n = 1; n <= 5; n++) await one.append('a', text(n));
    const acknowledged = await one.append('a', text('lost'));
    // As after a failover to a replica that was behind.
    await admin.hset('{dev-serve}:log', 'seq', 5);
    const after = await one.append('a', text('after'));
    expect(after.seq).toBe(1);
    expect(epochOf(after.id)).not.toBe(epochOf(acknowledged.id));
    for (const entries of followers) {
      await expect.poll(() => entries.at(-1)?.id, soon).toBe(after.id);
    }
    const page = await other.read('a', { epoch: epochOf(after.id) ?? '', seq: 0 }, 10);
    expect(page.entries.map(({ data }) => data)).toEqual(['after']);
  });
});
