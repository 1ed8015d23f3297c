import { setTimeout as delay } from 'node:timers/promises';
import { compare } from '../core/comparison.js';
import { Child } from '../runner/child.js';
import { startRedis, withoutRedis } from '../runner/redis-server.js';
import { rotate } from '../runner/rotation.js';

const CHANNELS = [10, 100, 1000];
const PER_SECOND = 500;

export default {
  name: 'redis',
  title: 'Two nodes that share a log in Redis, 500 messages a second',
  obstacle: withoutRedis,
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random, tell } = context;
    const rounds = options.rounds ?? (options.full ? 9 : 3);
    const messages = PER_SECOND * (options.full ? 6 : 3);
    const nodes = [];
    for (const channels of CHANNELS) {
      tell(`  ${named(channels)}`);
      nodes.push(await start(channels));
    }
    try {
      await rotate(nodes, 1, random, (one) => exchange(one, messages));
      const measured = await rotate(nodes, rounds, random, (one) => exchange(one, messages));
      const less = /** @type {const} */ ({ better: 'less' });
      const about = (/** @type {string} */ id, /** @type {string} */ title) => ({
        ...less,
        id,
        title,
      });
      const [least] = measured.map((one) => ({ ...one, name: 'dev-serve' }));
      const few = least ? [least] : [];
      const cpu = { unit: 'µs per message', baseline: named(CHANNELS[0] ?? 0) };
      return [
        compare(
          { ...about('redis-cpu', 'Processor time of Redis'), ...cpu },
          measured,
          (one) => one.redis,
        ),
        compare(
          { ...about('redis-node', 'Processor time of a node that receives'), ...cpu },
          measured,
          (one) => one.node,
        ),
        compare(
          { ...about('redis-p50', 'From publish to the other node, median'), unit: 'ms' },
          few,
          (one) => one.p50,
        ),
        compare(
          { ...about('redis-p99', 'From publish to the other node, 99 %'), unit: 'ms' },
          few,
          (one) => one.p99,
        ),
      ];
    } finally {
      for (const { end } of nodes) end();
    }
  },
};

/** @param {number} channels */
function named(channels) {
  return `${channels.toLocaleString('en-US')} channels`;
}

/** @param {number} channels */
async function start(channels) {
  const redis = await startRedis();
  const args = [redis.url, String(channels)];
  const receiver = new Child('redis-node.js', { name: 'receiver', core: 0, args });
  const publisher = new Child('redis-node.js', { name: 'publisher', core: 1, args });
  await receiver.ask({ do: 'subscribe' });
  const end = () => {
    receiver.end();
    publisher.end();
    redis.end();
  };
  return { name: named(channels), redis, receiver, publisher, end };
}

/**
 * @param {Awaited<ReturnType<typeof start>>} nodes
 * @param {number} messages
 */
async function exchange({ redis, receiver, publisher }, messages) {
  await receiver.ask({ do: 'begin' });
  const before = await redis.worked();
  await publisher.ask({ do: 'publish', messages, perSecond: PER_SECOND });
  for (let left = 100; (await receiver.ask({ do: 'figures' })).received < messages; left -= 1) {
    if (left === 0) throw new Error(`of ${messages} messages not all have arrived`);
    await delay(50);
  }
  const { micros, p50, p99 } = await receiver.ask({ do: 'figures' });
  return { redis: ((await redis.worked()) - before) / messages, node: micros / messages, p50, p99 };
}
