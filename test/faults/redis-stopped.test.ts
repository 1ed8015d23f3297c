import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inForm, tell } from '../support/faults/form.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

const STOPPED_MILLISECONDS = 10_000;
/** From Redis being back to the first event that every publisher and every reader has of it. */
const RECOVERY_MILLISECONDS = inForm(20_000, 2000);

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
      const back = performance.now();
      const read = calm.map(({ check }) => check.entries.length);
      await load.grow(1);
      const isRead = () => calm.every(({ check }, nth) => check.entries.length > (read[nth] ?? 0));
      await expect.poll(isRead, { timeout: 60_000, interval: 10 }).toBe(true);
      const recovery = performance.now() - back;
      tell(`Redis stopped ${how}`, { 'recovery in ms': Math.round(recovery) });
      expect(recovery).toBeLessThan(RECOVERY_MILLISECONDS);
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
});
