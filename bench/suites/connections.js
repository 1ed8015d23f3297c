import { compare } from '../core/comparison.js';
import { eachAlone } from '../runner/each-alone.js';

/** Connections that are there before the first look, so that what they run is compiled by then. */
const BEFORE = 4000;

export default {
  name: 'connections',
  title: 'What a connection costs: to open it, and to keep it',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options } = context;
    const [readers = options.full ? 10_000 : 4000] = options.readers ?? [];
    const rounds = options.rounds ?? (options.full ? 5 : 3);
    const seconds = options.full ? 60 : 5;
    const how = { rounds, flags: ['--expose-gc'] };
    const look = (/** @type {import('../runner/pair.js').Pair} */ pair) =>
      lookAt(pair, readers, seconds);
    const measured = await eachAlone(context, { ...how, suits: () => true }, look);
    const hasLog = (/** @type {import('../runner/contenders.js').Contender} */ one) =>
      one.hasLog === true;
    const settings = { isLogged: true };
    const logged = await eachAlone(context, { ...how, suits: hasLog, settings }, look);
    const many = readers.toLocaleString('en-US');
    const about = /** @type {const} */ ({ unit: 'KiB', better: 'less' });
    const title = `Heap and external of an idle connection, of ${many}`;
    const [heap, heapLogged, rss, connect] = [
      { ...about, id: 'idle-heap', title },
      { ...about, id: 'idle-heap-logged', title: `${title}, with a log of requests` },
      { ...about, id: 'idle-rss', title: `Resident memory of it after ${seconds} s` },
      {
        ...about,
        id: 'connect-cpu',
        title: 'Server processor time of a connect',
        unit: 'µs',
        baseline: 'node:http',
      },
    ];
    return [
      compare(heap, measured, (one) => one.heap),
      compare(heapLogged, logged, (one) => one.heap),
      compare(rss, measured, (one) => one.rss),
      compare(connect, measured, (one) => one.micros),
    ];
  },
};

/**
 * @param {import('../runner/pair.js').Pair} pair
 * @param {number} readers
 * @param {number} seconds until the second look at the memory
 */
async function lookAt(pair, readers, seconds) {
  await pair.connect(BEFORE);
  const before = await pair.server.ask({ do: 'memory' });
  await pair.server.ask({ do: 'begin' });
  await pair.connect(BEFORE + readers);
  const { user, system } = await pair.server.ask({ do: 'used' });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await pair.server.ask({ do: 'memory' });
  return {
    heap: (after.heap - before.heap) / readers / 1024,
    rss: (after.rss - before.rss) / readers / 1024,
    micros: (user + system) / readers,
  };
}
