/**
 * What is left of several measurements: the middle one, the quartiles, the ends.
 * @typedef {object} Summary
 * @property {number} median
 * @property {number} q1
 * @property {number} q3
 * @property {number} min
 * @property {number} max
 * @property {number} n how many there were
 */

/**
 * The value below which this part of the sorted values lies, between two values by interpolation.
 * @param {readonly number[]} sorted ascending, not empty
 * @param {number} part 0 to 1
 */
export function quantile(sorted, part) {
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}

/**
 * @param {readonly number[]} values
 * @returns {Summary | undefined} undefined of nothing
 */
export function summarize(values) {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    q1: quantile(sorted, 0.25),
    q3: quantile(sorted, 0.75),
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
    n: sorted.length,
  };
}

/**
 * Each value by that of the same round: what disturbs a whole round falls out. Rounds that one of them
 * has not got are left out.
 * @param {readonly (number | null | undefined)[]} values
 * @param {readonly (number | null | undefined)[]} baseline
 */
export function ratios(values, baseline) {
  return values.flatMap((value, round) => {
    const base = baseline[round];
    return typeof value !== 'number' || !base ? [] : [value / base];
  });
}
