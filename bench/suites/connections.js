import { setTimeout as delay } from 'node:timers/promises';
import { compare } from '../core/comparison.js';
import { eachAlone } from '../runner/each-alone.js';
import { SILENT, withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

/** Connections that are there before the first look, so that what they run is compiled by then. */
const BEFORE = 4000;
/** So many are opened at a time where that is measured. */
const STEP = 250;
const WARM_UPS = 4;

/** @typedef {import('../runner/pair.js').Pair} Pair */

export default {
  name: 'connections',
  title: 'What a connection costs: to open it, and to keep it',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options } = context;
    const [readers = options.full ? 9000 : 4000] = options.readers ?? [];
    const rounds = options.rounds ?? 3;
    const seconds = options.full ? 60 : 5;
    const how = { rounds, flags: ['--expose-gc'], settings: SILENT };
    const look = (/** @type {Pair} */ pair) => memoryOf(pair, readers, seconds);
    const kept = await eachAlone(context, { ...how, suits: () => true }, look);
    const hasLog = (/** @type {import('../runner/contenders.js').Contender} */ one) =>
      one.hasLog === true;
    const settings = { ...SILENT, isLogged: true };
    const logged = await eachAlone(context, { ...how, suits: hasLog, settings }, look);
    const opened = await connects(context);
    const many = readers.toLocaleString('en-US');
    const about = /** @type {const} */ ({ unit: 'KiB', better: 'less' });
    const title = `Heap and external of an idle connection, of ${many}`;
    const rss = `Resident memory of an idle connection, of ${many}, after ${seconds} s`;
    const connect = /** @type {const} */ ({
      id: 'connect-cpu',
      title: 'Server processor time of a connect',
      unit: 'µs',
      better: 'less',
      baseline: 'node:http',
    });
    return [
      compare({ ...about, id: `idle-heap-${readers}`, title }, kept, (one) => one.heap),
      compare(
        { ...about, id: `idle-heap-logged-${readers}`, title: `${title}, with a log of requests` },
        logged,
        (one) => one.heap,
      ),
      compare({ ...about, id: `idle-rss-${readers}`, title: rss }, kept, (one) => one.rss),
      compare(connect, opened, (micros) => micros),
    ];
  },
};

/**
 * @param {Pair} pair
 * @param {number} readers
 * @param {number} seconds until each look: what is left of connecting is cleared away by then
 */
async function memoryOf(pair, readers, seconds) {
  await pair.connect(BEFORE);
  await delay(seconds * 1000);
  const before = await pair.server.ask({ do: 'memory' });
  await pair.connect(BEFORE + readers);
  await delay(seconds * 1000);
  const after = await pair.server.ask({ do: 'memory' });
  return {
    heap: (after.heap - before.heap) / readers / 1024,
    rss: (after.rss - before.rss) / readers / 1024,
  };
}

/**
 * Microseconds of a connect: of all in turn, some hundred at a time, on top of those that are there.
 * @param {import('../runner/suites.js').Context} context
 */
function connects(context) {
  const { options, random } = context;
  const rounds = options.full ? 31 : 15;
  const all = { readers: BEFORE, suits: () => true, settings: SILENT };
  return withPairs(context, all, async (pairs) => {
    const open = async (/** @type {Pair} */ pair) => {
      await pair.server.ask({ do: 'begin', isLoopWatched: false });
      await pair.connect(pair.count + STEP);
      const { user, system } = await pair.server.ask({ do: 'used' });
      return (user + system) / STEP;
    };
    await rotate(pairs, WARM_UPS, random, open);
    return rotate(pairs, rounds, random, open);
  });
}
