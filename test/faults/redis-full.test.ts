import { describe, expect, it, onTestFinished } from 'vitest';
import { openSSE } from '../support/event-reader.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { expectRecovery } from '../support/faults/recovery.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { openAdmin } from '../support/redis-store.ts';

const FULLS = inForm(2, 20);

describe.skipIf(!hasRedis)(
  `when Redis is out of memory (seed ${seed})`,
  { timeout: inForm(60_000, 600_000) },
  () => {
    it('publishers are told why at once, readers stay and read, and all go on when there is room', async () => {
      const server = await RedisServer.start(onTestFinished);
      const admin = openAdmin(server);
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
      const nodes = await startNodes(server.url);
      const { load, calm } = await startLoad(nodes);
      for (let full = 0; full < FULLS; full += 1) {
        await load.grow(10);
        await admin.config('SET', 'maxmemory', '1mb');
        const counts = load.publishers.map(({ refused }) => refused.length);
        const isTold = () =>
          load.publishers.every(({ refused }, nth) => refused.length >= (counts[nth] ?? 0) + 3);
        await expect.poll(isTold, { timeout: 15_000 }).toBe(true);
        // Reading takes no memory: who comes now is given the events that there are.
        const [first] = load.acknowledged;
        const seen: string[] = [];
        const late = openSSE(`${nodes[1].origin}/events/a`, first?.id, {
          onEvent: ({ id }) => seen.push(id),
          onClose: () => {},
        });
        const last = load.acknowledged.findLast(({ data }) => data.startsWith('a '))?.id;
        await expect.poll(() => seen, { timeout: 10_000 }).toContain(last);
        late.kill();
        await admin.config('SET', 'maxmemory', '0');
        await expectRecovery('out of memory', load, calm);
      }
      await load.grow(10);
      load.expectComplete(await load.settle());
      tell('Redis out of memory', { seed, times: FULLS, ...load.figures });
      expect([...new Set(load.refused.map(({ code }) => code))]).toEqual([
        'DEV_SERVE_ERR_STORE_UNAVAILABLE',
      ]);
      expect(calm.map(({ connections }) => connections)).toEqual(calm.map(() => 1));
      expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
    });
  },
);
