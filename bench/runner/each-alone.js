import { eventContenders } from './contenders.js';
import { Pair } from './pair.js';
import { rotate } from './rotation.js';

/**
 * Measures each contender in new processes each time, where what was before would be in the way.
 * @template V
 * @param {import('./suites.js').Context} context
 * @param {object} how
 * @param {number} how.rounds
 * @param {(contender: import('./contenders.js').Contender) => boolean} how.suits
 * @param {readonly string[]} [how.flags] of the server's Node
 * @param {object} [how.settings] for the contender's start()
 * @param {(pair: Pair) => Promise<V>} measure
 */
export async function eachAlone(context, how, measure) {
  const { random, tell } = context;
  const { rounds, suits, ...settings } = how;
  const contenders = await eventContenders(context, { suits });
  return rotate(contenders, rounds, random, async (contender) => {
    tell(`  ${contender.name}`);
    const pair = new Pair(contender, settings);
    try {
      return await measure(pair);
    } finally {
      pair.end();
    }
  });
}
