import { shuffled } from '../core/random.js';

/**
 * Measures each in each round, every round in another order, so that what disturbs the machine for a
 * while disturbs all alike. One that fails is out, and the reason is kept.
 * @template {{ readonly name: string }} T
 * @template V
 * @param {readonly T[]} all
 * @param {number} rounds
 * @param {() => number} random
 * @param {(one: T) => Promise<V>} measure
 * @returns {Promise<Measured<V>[]>}
 */
export async function rotate(all, rounds, random, measure) {
  const measured = all.map((one) => ({
    one,
    name: one.name,
    values: /** @type {(V | undefined)[]} */ ([]),
    error: /** @type {string | undefined} */ (undefined),
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of shuffled(measured, random)) {
      if (entry.error !== undefined) continue;
      try {
        entry.values[round] = await measure(entry.one);
      } catch (error) {
        entry.error = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return measured;
}

/**
 * @template V
 * @typedef {{ name: string, values: (V | undefined)[], error: string | undefined }} Measured
 */
