import { compare } from '../core/comparison.js';
import { isSse } from '../runner/contender-kinds.js';
import { withPairs } from '../runner/event-pairs.js';
import { rotate } from '../runner/rotation.js';

const BASELINE = 'raw net';

export default {
  name: 'latency',
  isQuick: true,
  title: 'From publish to receive, ten events a second, stamped when they are due',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random } = context;
    const [readers = 1000] = options.readers ?? [];
    const [bytes = 100] = options.bytes ?? [];
    const rounds = options.rounds ?? (options.full ? 15 : 5);
    const rate = { interval: 100, count: options.full ? 30 : 15, bytes };
    return withPairs(context, { readers, always: [BASELINE], suits: isSse }, async (pairs) => {
      const warm = { burst: 1, bytes, milliseconds: 400 };
      await rotate(pairs, 1, random, (pair) => pair.slice(warm));
      const measured = await rotate(pairs, rounds, random, (pair) => pair.latency(rate));
      return /** @type {const} */ ([
        ['p50', 'median'],
        ['p99', '99 %'],
      ]).map(([figure, words]) =>
        compare(
          {
            id: `latency-${figure}`,
            title: `From publish to receive, ${words}, ${readers.toLocaleString('en-US')} readers`,
            unit: 'ms',
            better: 'less',
            baseline: BASELINE,
          },
          measured,
          (one) => one[figure],
        ),
      );
    });
  },
};
