import { describe, expect, it, onTestFinished } from 'vitest';
import { EventServer, type StoreSettings } from '../support/faults/event-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { Load } from '../support/faults/load.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { type StoreName, stores } from '../support/stores.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const { clients, seconds } = inForm({ clients: 80, seconds: 3 }, { clients: 1000, seconds: 60 });
const PER_SECOND = 200;
const LANES = 4;

async function settings(kind: StoreName): Promise<StoreSettings> {
  const limit = 100_000;
  if (kind === 'memory') return { kind, limit };
  if (kind === 'durable') return { kind, path: temporaryDirectory(), durability: 'commit', limit };
  const { url } = await RedisServer.start(onTestFinished);
  return { kind, url, client: 'ioredis', timeout: 5000, limit };
}

describe.each(stores)(`reconnect storm on a %s store (seed ${seed})`, (kind) => {
  it('final logs', { timeout: 600_000 }, async () => {
    const server = await EventServer.start(await settings(kind));
    const load = new Load(['news']);
    const t0 = performance.now();
    await load.addStorm(Number(process.env.N ?? clients), [server.origin], ['news']);
    const t1 = performance.now();
    const cpu = process.cpuUsage();
    load.publish(server.origin, 'news', LANES, { interval: (1000 * LANES) / PER_SECOND, filler: 64 });
    await load.grow((Number(process.env.S ?? seconds) * PER_SECOND) / LANES, {timeout: 300_000});
    const t2 = performance.now();
    const used = process.cpuUsage(cpu);
    const end = await load.settle();
    const t3 = performance.now();
    load.expectComplete(end);
    const t4 = performance.now();
    const connections = load.clients.reduce((sum, each) => sum + each.connections, 0);
    console.log({ kind, open: t1 - t0, publish: t2 - t1, settle: t3 - t2, verify: t4 - t3, connections, events: load.acknowledged.length, cpu: (used.user + used.system) / 1e3, delivered: load.clients.reduce((s, c) => s + c.check.entries.length, 0), figures: (await server.figures()).streams });
    expect(server.isWell).toBe(true);
  });
});
