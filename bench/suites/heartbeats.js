import { compare } from '../core/comparison.js';
import { eachAlone } from '../runner/each-alone.js';
import { SILENT } from '../runner/event-pairs.js';

/** Milliseconds between the heartbeats of a connection; short, so that they can be seen. */
const INTERVAL = 3000;
const LOOK = 2 * INTERVAL;

/** @typedef {{ loopMax: number, cpu: number, empty: number }} Look */

export default {
  name: 'heartbeats',
  title: `Ten thousand connections with a heartbeat every ${INTERVAL / 1000} s`,
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options } = context;
    const [readers = 10_000] = options.readers ?? [];
    const rounds = options.rounds ?? (options.full ? 9 : 3);
    const suits = (/** @type {import('../runner/contenders.js').Contender} */ one) =>
      one.hasHeartbeat === true;
    // One at a time: what the others send would stall its loop, too.
    const looks = (/** @type {object} */ settings, /** @type {typeof lookAtIdle} */ measure) =>
      eachAlone(context, { rounds, suits, settings }, (pair) => measure(pair, readers));
    const silent = await looks(SILENT, lookAtIdle);
    const beating = await looks({ heartbeat: INTERVAL }, lookAt);
    const measured = beating.map(({ name, values, error }) => {
      const without = silent.find((one) => one.name === name);
      const more = values.map((one, round) => over(one, without?.values[round]));
      return { name, error: error ?? without?.error, values: more };
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
 * @param {import('../runner/pair.js').Pair} pair
 * @param {number} readers
 */
async function lookAt(pair, readers) {
  const { idle } = await lookAtIdle(pair, readers);
  const publish = (/** @type {number} */ time) =>
    pair.latency({ interval: 500, count: time / 500, bytes: 100 });
  // Until they have been written to for longer than there is between two heartbeats.
  await publish(INTERVAL);
  const { empty } = await look(pair, () => publish(LOOK));
  return { idle, live: empty / readers / (LOOK / INTERVAL) };
}

/**
 * @param {import('../runner/pair.js').Pair} pair
 * @param {number} readers
 * @returns {Promise<{ idle: Look, live?: number }>}
 */
async function lookAtIdle(pair, readers) {
  await pair.connect(readers);
  // What is left of connecting has been cleared away by then.
  await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  const idle = await look(pair, () => new Promise((resolve) => setTimeout(resolve, LOOK)));
  return { idle };
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
 * @param {{ idle: Look, live?: number } | undefined} one
 * @param {{ idle: Look } | undefined} without
 */
function over(one, without) {
  if (!one || !without) return undefined;
  return {
    loopMax: one.idle.loopMax - without.idle.loopMax,
    cpu: one.idle.cpu - without.idle.cpu,
    live: one.live,
  };
}
