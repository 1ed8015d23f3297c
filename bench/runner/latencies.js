import { compare } from '../core/comparison.js';
import { isSse } from './contender-kinds.js';
import { SILENT, withPairs } from './event-pairs.js';
import { rotate } from './rotation.js';

const FIGURES = /** @type {const} */ ([
  ['p50', 'median'],
  ['p99', '99 %'],
]);

/**
 * From publish to receive, events at fixed times, of all contenders in turn.
 * @param {import('./suites.js').Context} context
 * @param {object} how
 * @param {string} how.id of the comparisons, in front of the figure
 * @param {string} how.about behind the title
 * @param {string} how.baseline
 * @param {number} how.readers of each
 * @param {number} how.rounds
 * @param {{ interval: number, count: number, bytes: number, patience?: number }} how.rate
 */
export function latencies(context, { id, about, baseline, readers, rounds, rate }) {
  const { random } = context;
  const all = { readers, always: [baseline], suits: isSse, settings: SILENT };
  return withPairs(context, all, async (pairs) => {
    const warm = { burst: 1, bytes: rate.bytes, milliseconds: 400 };
    await rotate(pairs, 1, random, (pair) => pair.slice(warm));
    const measured = await rotate(pairs, rounds, random, (pair) => pair.latency(rate));
    return FIGURES.map(([figure, words]) => {
      const title = `From publish to receive, ${words}, ${readers.toLocaleString('en-US')} readers${about}`;
      const comparison = { id: `${id}-${figure}`, title, unit: 'ms', baseline };
      return compare({ ...comparison, better: 'less' }, measured, (one) => one[figure]);
    });
  });
}
