import { describe, expect, it, onTestFinished } from 'vitest';
import { inForm, tell } from '../support/faults/form.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { expectRecovery } from '../support/faults/recovery.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { openAdmin } from '../support/redis-store.ts';

const KILLS = inForm(15, 100);
const patience = { timeout: inForm(60_000, 600_000) };

describe.skipIf(!hasRedis)(
  `when every connection to Redis is ended (seed ${seed})`,
  patience,
  () => {
    it('again and again under load, no publish is refused, none is doubled, no reader leaves', async () => {
      const server = await RedisServer.start(onTestFinished);
      const admin = openAdmin(server);
      // So that a busy machine refuses none either.
      const nodes = await startNodes(server.url, { timeout: 20_000 });
      const { load, calm } = await startLoad(nodes);
      let ended = 0;
      for (let kills = 0; kills < KILLS; kills += 1) {
        await load.grow(1 + Math.floor(load.random() * 8));
        ended += Number(await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
      }
      await expectRecovery('without its connections', load, calm);
      const end = await load.settle();
      load.expectComplete(end);
      // Two of each node: the application's, and that of the tail.
      expect(ended).toBeGreaterThan(2 * KILLS);
      expect(load.refused).toEqual([]);
      expect(calm.map(({ connections }) => connections)).toEqual(calm.map(() => 1));
      tell('connections to Redis ended', { seed, kills: KILLS, ended, ...load.figures });
      expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
    });
  },
);
