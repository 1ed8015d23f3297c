import { compare } from '../core/comparison.js';
import { isSse } from '../runner/contender-kinds.js';
import { SILENT, withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

const BASELINE = 'raw net';
/** Events that may be under way when the next one is published: the more, the more a write can carry. */
const WINDOWS = [4, 8];

export default {
  name: 'saturation',
  title: 'Ten thousand readers: how much, and how long everything else waits',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random, tell } = context;
    const [readers = 10_000] = options.readers ?? [];
    const [bytes = 100] = options.bytes ?? [];
    const rounds = options.rounds ?? (options.full ? 15 : 5);
    const how = { readers, always: [BASELINE], suits: isSse, settings: SILENT };
    return withPairs(context, how, async (pairs) => {
      const one = { burst: 1, bytes, seconds: 30 };
      const many = readers.toLocaleString('en-US');
      const comparisons = [];
      for (const window of WINDOWS) {
        tell(`  saturated, ${window} under way`);
        const slice = { ...one, milliseconds: options.full ? 2000 : 600, window };
        await rotate(pairs, 1, random, (pair) => pair.slice({ ...slice, milliseconds: 500 }));
        const saturated = await rotate(pairs, rounds, random, (pair) => pair.slice(slice));
        const about = /** @type {const} */ ({
          id: `saturation-${readers}-${window}`,
          title: `Saturated, ${window} events under way: deliveries in a second of processor time, ${many} readers`,
          unit: 'deliveries',
          better: 'more',
          baseline: BASELINE,
        });
        comparisons.push(compare(about, saturated, ({ perSecond }) => perSecond));
      }
      tell('  one event at a time');
      const single = { ...one, milliseconds: 300, isLoopWatched: true };
      const stalls = await rotate(pairs, rounds, random, (pair) => pair.slice(single));
      return [
        ...comparisons,
        compare(
          {
            id: 'loop-stall',
            title: `Longest stall of the event loop while ${many} readers are served`,
            unit: 'ms',
            better: 'less',
          },
          stalls,
          ({ loopMax }) => loopMax,
        ),
      ];
    });
  },
};
