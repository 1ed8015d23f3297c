import { compare } from '../core/comparison.js';
import { withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

/** Milliseconds between the heartbeats of a connection; short, so that they can be seen. */
const INTERVAL = 3000;
/** So long that there is none. */
const NEVER = 3_600_000;
const LOOK = 2 * INTERVAL;

/** @typedef {{ loopMax: number, cpu: number, empty: number }} Look */

export default {
  name: 'heartbeats',
  title: `Ten thousand connections with a heartbeat every ${INTERVAL / 1000} s`,
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options } = context;
    const [readers = options.full ? 10_000 : 5000] = options.readers ?? [];
    const silent = await looksAt(context, readers, NEVER);
    const beating = await looksAt(context, readers, INTERVAL);
    const measured = beating.map(({ name, values, error }) => {
      const without = silent.find((one) => one.name === name)?.values ?? [];
      return { name, error, values: values.map((one, round) => over(one, without[round])) };
    });
    const less = /** @type {const} */ ({ better: 'less' });
    return [
      compare(
        { ...less, id: 'heartbeats-loop', title: 'Stall of the event loop, over none', unit: 'ms' },
        measured,
        (one) => one.loopMax,
      ),
      compare(
        { ...less, id: 'heartbeats-cpu', title: 'Processor time, over none', unit: 'ms per s' },
        measured,
        (one) => one.cpu,
      ),
      compare(
        {
          ...less,
          id: 'heartbeats-live',
          title: 'Heartbeats to a reader that gets an event every half second',
          unit: `per ${INTERVAL / 1000} s`,
        },
        measured,
        (one) => one.live,
      ),
    ];
  },
};

/**
 * @param {import('../runner/suites.js').Context} context
 * @param {number} readers
 * @param {number} heartbeat in milliseconds
 */
function looksAt(context, readers, heartbeat) {
  const { options, random } = context;
  const rounds = options.rounds ?? (options.full ? 5 : 2);
  const suits = (/** @type {import('../runner/contenders.js').Contender} */ one) =>
    one.hasHeartbeat === true;
  return withPairs(context, { readers, suits, settings: { heartbeat } }, (pairs) =>
    rotate(pairs, rounds, random, async (pair) => ({
      idle: await look(pair, async () => {
        await new Promise((resolve) => setTimeout(resolve, LOOK));
      }),
      live: await liveLook(pair),
      readers,
    })),
  );
}

/**
 * A look at readers that are written to, and have been for longer than there is between two heartbeats.
 * @param {import('../runner/pair.js').Pair} pair
 */
async function liveLook(pair) {
  const publish = (/** @type {number} */ time) =>
    pair.latency({ interval: 500, count: time / 500, bytes: 100 });
  await look(pair, () => publish(INTERVAL));
  return look(pair, () => publish(LOOK));
}

/**
 * @param {import('../runner/pair.js').Pair} pair
 * @param {() => Promise<unknown>} meanwhile
 * @returns {Promise<Look>}
 */
async function look(pair, meanwhile) {
  await pair.readers.ask({ do: 'expect', burst: 1 });
  await pair.server.ask({ do: 'begin' });
  await meanwhile();
  const { user, system, milliseconds, loopMax } = await pair.server.ask({ do: 'used' });
  const { empty } = await pair.readers.ask({ do: 'check', published: 0 });
  return { loopMax, cpu: (user + system) / milliseconds, empty };
}

/**
 * @param {{ idle: Look, live: Look, readers: number } | undefined} one
 * @param {{ idle: Look } | undefined} without
 */
function over(one, without) {
  if (!one || !without) return undefined;
  return {
    loopMax: one.idle.loopMax - without.idle.loopMax,
    cpu: one.idle.cpu - without.idle.cpu,
    live: one.live.empty / one.readers / (LOOK / INTERVAL),
  };
}
