import { describe, expect, it, onTestFinished } from 'vitest';
import { inForm, tell } from '../support/faults/form.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { epochOf, openAdmin } from '../support/redis-store.ts';

const FLUSHES = inForm(4, 40);
const patience = { timeout: inForm(180_000, 600_000) };

describe.skipIf(!hasRedis)(`after FLUSHALL under load (seed ${seed})`, patience, () => {
  it('readers, those that stayed and those that come back, are told of a new log and go on', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const nodes = await startNodes(server.url);
    const { load, calm } = await startLoad(nodes);
    for (let flushes = 0; flushes < FLUSHES; flushes += 1) {
      await load.grow(10 + Math.floor(load.random() * 20));
      await admin.flushall();
    }
    await load.grow(20);
    const epoch = epochOf(await load.settle());
    tell('FLUSHALL', { seed, flushes: FLUSHES, ...load.figures });
    expect(load.refused).toEqual([]);
    expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);

    for (const { check } of load.clients) {
      expect(check.epochs.at(-1)).toBe(epoch);
      expect(check.losses).toBeGreaterThan(0);
    }
    const ofLast = load.acknowledged.filter(({ id }) => epochOf(id) === epoch);
    for (const { check, connections } of calm) {
      expect(connections).toBe(1);
      expect(check.losses).toBeGreaterThanOrEqual(check.epochs.length - 1);
      // Of the new log it has everything.
      const dataOf = new Map(check.entries.map(({ id, data }) => [id, data]));
      const ofItsChannels = ofLast.filter(({ data }) =>
        check.channels.includes(data.split(' ')[0] ?? ''),
      );
      expect(ofItsChannels.filter(({ id, data }) => dataOf.get(id) !== data)).toEqual([]);
    }
  });
});
