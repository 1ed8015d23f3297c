import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EventServer } from '../support/faults/event-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { Load } from '../support/faults/load.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { post } from '../support/faults/publisher.ts';
import { expectRecovery } from '../support/faults/recovery.ts';
import { seed } from '../support/random.ts';
import { packages } from '../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

const STOPPED_MILLISECONDS = 10_000;
/** Published while it is away, so many at a time; kept, they would be 16 MiB, or 160 in the long form. */
const REFUSED = { count: inForm(1000, 10_000), atOnce: 500, size: 16 * 1024 };
const MIB = 1024 * 1024;
/** Of heap and buffers: half of it is what a heap may grow by and still be the same. */
const MOST_KEPT = 8 * MIB;

describe.skipIf(!hasRedis)(`when Redis stops under load (seed ${seed})`, () => {
  it.each([
    {
      how: 'for ten seconds',
      async leave(server: RedisServer) {
        server.pause();
        await delay(STOPPED_MILLISECONDS);
      },
      comeBack: async (server: RedisServer) => server.resume(),
    },
    {
      how: 'by a crash',
      leave: (server: RedisServer) => server.kill(),
      comeBack: (server: RedisServer) => server.restart(),
    },
  ])(
    'publishers are told in time, readers stay and get all that was acknowledged ($how)',
    { timeout: 180_000 },
    async ({ how, leave, comeBack }) => {
      const server = await RedisServer.start(onTestFinished, { durable: true });
      const nodes = await startNodes(server.url);
      const { load, calm } = await startLoad(nodes);
      await load.grow(30);
      await leave(server);
      const isTold = () => load.publishers.every(({ refused }) => refused.length >= 2);
      await expect.poll(isTold).toBe(true);
      await comeBack(server);
      await expectRecovery(`stopped ${how}`, load, calm);
      await load.grow(30);
      const end = await load.settle();
      load.expectComplete(end);
      expect(calm.map(({ connections }) => connections)).toEqual(calm.map(() => 1));
      expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
      expect([...new Set(load.refused.map(({ code }) => code))]).toEqual([
        'DEV_SERVE_ERR_STORE_UNAVAILABLE',
      ]);
      const slowest = Math.max(...load.refused.map(({ milliseconds }) => milliseconds));
      // Well before it is back.
      expect(slowest).toBeLessThan(0.8 * STOPPED_MILLISECONDS);
    },
  );

  it.each(packages)(
    `keeps nothing of ${REFUSED.count} events that it cannot publish (%s)`,
    { timeout: 180_000 },
    async (client) => {
      const redis = await RedisServer.start(onTestFinished);
      const settings = { kind: 'redis', url: redis.url, timeout: 1500, limit: 100 } as const;
      const server = await EventServer.start({ ...settings, client });
      const load = new Load(['a']);
      const calm = await load.addCalm([server.origin], ['a']);
      const data = 'x'.repeat(REFUSED.size);
      const stored: (string | undefined)[] = [];
      for (let n = 0; n < 20; n += 1) stored.push((await post(server.origin, 'a', data)).id);
      const keptOf = async () => {
        const { heapUsed, arrayBuffers } = await server.figures({ idle: true });
        return heapUsed + arrayBuffers;
      };
      const before = await keptOf();
      redis.pause();
      // From the first that waits in vain, no more are handed to the client.
      const codes = new Set([(await post(server.origin, 'a', 'the first')).code]);
      for (let count = 0; count < REFUSED.count; count += REFUSED.atOnce) {
        const all = Array.from({ length: REFUSED.atOnce }, () => post(server.origin, 'a', data));
        for (const { code } of await Promise.all(all)) codes.add(code);
      }
      expect([...codes]).toEqual(['DEV_SERVE_ERR_STORE_UNAVAILABLE']);
      const kept = (await keptOf()) - before;
      tell(`${REFUSED.count} refused events, ${client}`, { 'MiB kept': (kept / MIB).toFixed(1) });
      expect(kept).toBeLessThan(MOST_KEPT);
      redis.resume();
      let id: string | undefined;
      const goesOn = async () => (id = (await post(server.origin, 'a', 'on')).id);
      await expect.poll(goesOn).toBeDefined();
      for (const { check } of calm) {
        await expect.poll(() => check.lastEventId).toBe(id);
        const read = check.entries.slice(0, stored.length);
        expect(read.map((entry) => entry.id)).toEqual(stored);
        // The first may have been stored, nobody knows; what was refused after it was not.
        expect(check.entries.slice(stored.length).map((entry) => entry.data)).not.toContain(data);
        expect(check.losses).toBe(0);
      }
      expect(calm.flatMap(({ failure }) => failure ?? [])).toEqual([]);
      expect(server.isWell).toBe(true);
    },
  );
});
