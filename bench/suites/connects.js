import { compare } from '../core/comparison.js';
import { SILENT, withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

/** Connections that are there before the first look, so that what they run is compiled by then. */
const BEFORE = 4000;
/** So many are opened at a time. */
const STEP = 250;
const WARM_UPS = 4;

export default {
  name: 'connects',
  title: 'What it costs to open a connection',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random } = context;
    const rounds = options.rounds ?? (options.full ? 31 : 15);
    const [readers = BEFORE] = options.readers ?? [];
    const all = { readers, suits: () => true, settings: SILENT };
    const opened = await withPairs(context, all, async (pairs) => {
      const open = async (/** @type {import('../runner/pair.js').Pair} */ pair) => {
        await pair.server.ask({ do: 'begin', isLoopWatched: false });
        await pair.connect(pair.count + STEP);
        const { user, system } = await pair.server.ask({ do: 'used' });
        return (user + system) / STEP;
      };
      await rotate(pairs, WARM_UPS, random, open);
      return rotate(pairs, rounds, random, open);
    });
    const about = /** @type {const} */ ({
      id: 'connect',
      title: 'Server processor time of a connect',
      unit: 'µs',
      better: 'less',
      baseline: 'node:http',
    });
    return [compare(about, opened, (micros) => micros)];
  },
};
