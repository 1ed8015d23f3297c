import { compare } from '../core/comparison.js';
import { isSse } from '../runner/contender-kinds.js';
import { SILENT, withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

const BASELINE = 'raw net';
/** Events that may be under way when the next one is published. */
const WINDOW = 4;

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
      const warm = { ...one, milliseconds: 500, window: WINDOW };
      await rotate(pairs, 1, random, (pair) => pair.slice(warm));
      tell('  saturated');
      const full = { ...one, milliseconds: options.full ? 2000 : 600, window: WINDOW };
      const saturated = await rotate(pairs, rounds, random, (pair) => pair.slice(full));
      tell('  one event at a time');
      const single = { ...one, milliseconds: 300, isLoopWatched: true };
      const stalls = await rotate(pairs, rounds, random, (pair) => pair.slice(single));
      const many = readers.toLocaleString('en-US');
      return [
        compare(
          {
            id: `saturation-${readers}`,
            title: `Saturated: deliveries in a second of processor time, ${many} readers`,
            unit: 'deliveries',
            better: 'more',
            baseline: BASELINE,
          },
          saturated,
          ({ perSecond }) => perSecond,
        ),
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
