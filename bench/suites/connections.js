import { setTimeout as delay } from 'node:timers/promises';
import { compare } from '../core/comparison.js';
import { eachAlone } from '../runner/each-alone.js';
import { SILENT } from '../runner/event-pairs.js';

/** Connections that are there before the first look, so that what they run is compiled by then. */
const BEFORE = 4000;

/** @typedef {import('../runner/pair.js').Pair} Pair */

export default {
  name: 'connections',
  title: 'What it costs to keep a connection',
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
    const many = readers.toLocaleString('en-US');
    const about = /** @type {const} */ ({ unit: 'KiB', better: 'less' });
    const title = `Heap and external of an idle connection, of ${many}`;
    const rss = `Resident memory of an idle connection, of ${many}, after ${seconds} s`;
    return [
      compare({ ...about, id: `idle-heap-${readers}`, title }, kept, (one) => one.heap),
      compare(
        { ...about, id: `idle-heap-logged-${readers}`, title: `${title}, with a log of requests` },
        logged,
        (one) => one.heap,
      ),
      compare({ ...about, id: `idle-rss-${readers}`, title: rss }, kept, (one) => one.rss),
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
