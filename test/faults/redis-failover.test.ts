import type { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { Relay } from '../support/faults/relay.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { epochOf, openAdmin } from '../support/redis-store.ts';

/** A Redis, another that copies it, and the address that leads to the first. */
async function startPair() {
  const [first, second] = [
    await RedisServer.start(onTestFinished),
    await RedisServer.start(onTestFinished),
  ];
  const copy = openAdmin(second);
  await copy.replicaof('127.0.0.1', first.port);
  await expect.poll(() => copy.info('replication'), soon).toContain('master_link_status:up');
  const relay = await Relay.start(first.port);
  return { first, second, copy, relay };
}

const soon = { timeout: 20_000, interval: 20 };

async function promote(copy: Redis): Promise<void> {
  await copy.replicaof('NO', 'ONE');
}

describe.skipIf(!hasRedis)(`a failover of Redis (seed ${seed})`, { timeout: 90_000 }, () => {
  it('to a copy that has everything loses nothing', async () => {
    const { first, second, copy, relay } = await startPair();
    const nodes = await startNodes(relay.url);
    const { load, calm } = await startLoad(nodes);
    await load.grow(20);
    const admin = openAdmin(first);
    // No more is acknowledged; the copy takes what was.
    await admin.call('CLIENT', 'PAUSE', 60_000, 'WRITE');
    const offset = async (redis: Redis, name: string) =>
      new RegExp(`${name}:(\\d+)`).exec(await redis.info('replication'))?.[1];
    const goal = await offset(admin, 'master_repl_offset');
    await expect
      .poll(async () => Number(await offset(copy, 'slave_repl_offset')), soon)
      .toBeGreaterThanOrEqual(Number(goal));
    await promote(copy);
    relay.leadTo(second.port);
    await load.grow(20);
    load.expectComplete(await load.settle());
    expect(calm.map(({ connections }) => connections)).toEqual(calm.map(() => 1));
  });

  it('to a copy that lags behind begins a new log, and every reader is told', async () => {
    const { second, copy, relay } = await startPair();
    const nodes = await startNodes(relay.url);
    const { load, calm } = await startLoad(nodes);
    await load.grow(10);
    // It goes on with what it has: as when the network between the two breaks first.
    await promote(copy);
    await load.grow(10);
    const former = epochOf(load.acknowledged.at(-1)?.id ?? '');
    relay.leadTo(second.port);
    await load.grow(20);
    const epoch = epochOf(await load.settle());
    expect(epoch).not.toBe(former);
    for (const { check } of load.clients) {
      expect(check.epochs.at(-1)).toBe(epoch);
      expect(check.losses).toBeGreaterThan(0);
    }
    const ofLast = load.acknowledged.filter(({ id }) => epochOf(id) === epoch);
    for (const { check } of calm) {
      const dataOf = new Map(check.entries.map(({ id, data }) => [id, data]));
      const ofItsChannels = ofLast.filter(({ data }) =>
        check.channels.includes(data.split(' ')[0] ?? ''),
      );
      expect(ofItsChannels.filter(({ id, data }) => dataOf.get(id) !== data)).toEqual([]);
    }
    expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
  });
});
