import { describe, expect, it, onTestFinished } from 'vitest';
import { inForm, tell } from '../support/faults/form.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { expectRecovery } from '../support/faults/recovery.ts';
import { Relay } from '../support/faults/relay.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

/** Of a round trip; a node waits for an answer for a second. */
const LATENCY_MILLISECONDS = 500;
/** Events of each publisher while it is away, one after the other. */
const EVENTS = inForm(3, 60);

describe.skipIf(!hasRedis)(
  `with Redis ${LATENCY_MILLISECONDS} ms away (seed ${seed})`,
  { timeout: inForm(60_000, 300_000) },
  () => {
    it('publishing takes longer, and nothing is lost or doubled when it comes nearer', async () => {
      const { port } = await RedisServer.start(onTestFinished);
      const relay = await Relay.start(port);
      const nodes = await startNodes(relay.url);
      const { load, calm } = await startLoad(nodes);
      await load.grow(10);
      relay.delay = LATENCY_MILLISECONDS / 2;
      const begun = performance.now();
      await load.grow(EVENTS, { timeout: inForm(60_000, 240_000) });
      const slow = performance.now() - begun;
      expect(slow).toBeGreaterThan(2 * LATENCY_MILLISECONDS);
      relay.delay = 0;
      const near = performance.now();
      await expectRecovery('far away', load, calm);
      await load.grow(10);
      // What was under way, and the first one behind it.
      const recovery = performance.now() - near;
      tell('Redis far away', {
        seed,
        'ms for an event': Math.round(slow / EVENTS),
        'recovery in ms': Math.round(recovery),
        ...load.figures,
      });
      expect(recovery).toBeLessThan(5000);
      load.expectComplete(await load.settle());
      expect(calm.map(({ connections }) => connections)).toEqual(calm.map(() => 1));
      expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
    });
  },
);
