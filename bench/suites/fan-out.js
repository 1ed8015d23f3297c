import { compare } from '../core/comparison.js';
import { isSse } from '../runner/contender-kinds.js';
import { SILENT, withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

const BASELINE = 'raw net';
/** Milliseconds of work until a contender is compiled: of those with much code the first slices would not be. */
const WARM_UP = 1500;
const SLICE = 150;

export default {
  name: 'fan-out',
  isQuick: true,
  title: 'Server processor time of one event to one reader',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random, tell } = context;
    /** @type {import('../core/comparison.js').Comparison[]} */
    const comparisons = [];
    const rounds = options.rounds ?? (options.full ? 15 : 7);
    for (const readers of options.readers ?? (options.full ? [100, 1000, 10_000] : [1000])) {
      const how = {
        readers,
        always: [BASELINE],
        suits: isSse,
        settings: SILENT,
        hasVariants: true,
      };
      await withPairs(context, how, async (pairs) => {
        for (const bytes of options.bytes ?? [100, 1024]) {
          for (const burst of options.bursts ?? [1, 8]) {
            const what = { burst, bytes };
            tell(`  ${readers} readers, ${bytes} bytes, ${burst} a turn`);
            await rotate(pairs, 1, random, (one) => one.slice({ ...what, milliseconds: WARM_UP }));
            const slice = { ...what, milliseconds: SLICE };
            const measured = await rotate(pairs, rounds, random, (one) => one.slice(slice));
            comparisons.push(compare(about(readers, bytes, burst), measured, (one) => one.micros));
          }
        }
      });
    }
    return comparisons;
  },
};

/**
 * @param {number} readers
 * @param {number} bytes
 * @param {number} burst
 */
function about(readers, bytes, burst) {
  const events = burst === 1 ? 'one event' : `${burst} events`;
  return /** @type {const} */ ({
    id: `fan-out-${readers}-${bytes}B-${burst}`,
    title: `${readers.toLocaleString('en-US')} readers, ${bytes} bytes, ${events} a turn`,
    unit: 'µs per delivery',
    better: 'less',
    baseline: BASELINE,
  });
}
