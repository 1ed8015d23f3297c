import { describe, expect, it, onTestFinished } from 'vitest';
import { inForm, tell } from '../support/faults/form.ts';
import { Load } from '../support/faults/load.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

describe.skipIf(!hasRedis)(`two nodes on one Redis (seed ${seed})`, { timeout: 180_000 }, () => {
  it('show every reader one order, whichever of them it reads from, and both are killed', async () => {
    const { url } = await RedisServer.start(onTestFinished);
    const nodes = await startNodes(url);
    const { load } = await startLoad(nodes);
    for (const node of inForm(nodes, [...nodes, ...nodes])) {
      await load.grow(10 + Math.floor(load.random() * 20));
      await node.restart();
    }
    await load.grow(10);
    const end = await load.settle();
    tell('two nodes, both killed', { seed, ...load.figures });
    load.expectComplete(end);
    expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
  });

  it('of which one was stopped for longer than the tail is kept, show readers of both everything', async () => {
    const { url } = await RedisServer.start(onTestFinished);
    const nodes = await startNodes(url, { tailLimit: 20 });
    const [one, other] = nodes;
    const load = new Load(['a', 'b']);
    const calm = [
      ...(await load.addCalm([other.origin], ['a', 'b'])),
      ...(await load.addCalm([other.origin], ['b'])),
    ];
    await load.addErratic(6, [one.origin, other.origin], ['a', 'b']);
    for (const channel of ['a', 'b']) load.publish(one.origin, channel, 2);
    for (let pauses = 0; pauses < 3; pauses += 1) {
      await load.grow(10);
      other.pause();
      await load.grow(20 + Math.floor(load.random() * 40));
      other.resume();
    }
    const end = await load.settle();
    tell('two nodes, one stopped', { seed, ...load.figures });
    load.expectComplete(end);
    expect(calm.map(({ connections }) => connections)).toEqual(calm.map(() => 1));
    expect(load.refused).toEqual([]);
    expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
  });
});
