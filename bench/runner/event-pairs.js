import { eventContenders } from './contenders.js';
import { Pair } from './pair.js';

/** No heartbeats within a run: those of neighbours would count. */
export const SILENT = { heartbeat: 3_600_000 };

/**
 * Runs with a server and readers of each contender up at the same time, and ends them.
 * @template T
 * @param {import('./suites.js').Context} context
 * @param {object} how
 * @param {number} how.readers of each
 * @param {(contender: import('./contenders.js').Contender) => boolean} how.suits
 * @param {readonly string[]} [how.always] names that are needed whatever was asked for
 * @param {boolean} [how.hasVariants] whether a library is there in each way it is used
 * @param {readonly string[]} [how.flags] of the server's Node
 * @param {object} [how.settings] for the contender's start()
 * @param {(pairs: readonly Pair[]) => Promise<T>} work
 */
export async function withPairs(context, { readers, suits, always, hasVariants, ...how }, work) {
  const { tell } = context;
  const contenders = await eventContenders(context, { suits, always, hasVariants });
  const pairs = contenders.map((contender) => new Pair(contender, how));
  try {
    for (const pair of pairs) {
      tell(`  ${pair.name}: ${readers} readers`);
      await pair.connect(readers);
    }
    return await work(pairs);
  } finally {
    for (const pair of pairs) pair.end();
  }
}
