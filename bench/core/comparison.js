import { ratios, summarize } from './statistics.js';

/**
 * One figure of all contenders: a chart and a table.
 * @typedef {object} Comparison
 * @property {string} id such as `fan-out-1000-100B-1`
 * @property {string} title
 * @property {string} unit of the absolute values
 * @property {'less' | 'more'} better
 * @property {string} [baseline] whose ratio is 1
 * @property {readonly Row[]} rows the best first
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {import('./statistics.js').Summary} [value]
 * @property {import('./statistics.js').Summary} [ratio] of each round, to the baseline
 * @property {readonly (number | null)[]} [values] of each round
 * @property {string} [error] why there is no figure
 */

/**
 * @template V
 * @param {Omit<Comparison, 'rows'>} about
 * @param {readonly { name: string, values: readonly (V | undefined)[], error?: string | undefined }[]} measured
 * @param {(value: V) => number | undefined} pick
 * @returns {Comparison}
 */
export function compare(about, measured, pick) {
  const picked = measured.map(({ name, values, error }) => ({
    name,
    error,
    // Who has failed later has failed.
    values:
      error === undefined
        ? Array.from(values, (one) => (one === undefined ? undefined : pick(one)))
        : [],
  }));
  const base = picked.find(({ name }) => name === about.baseline)?.values;
  const rows = picked.map(({ name, values, error }) => {
    const value = summarize(values.filter((one) => one !== undefined));
    const ratio = base && summarize(ratios(values, base));
    if (value === undefined) return { name, ...(error && { error }) };
    const rounds = values.map((one) => (one === undefined ? null : Number(one.toPrecision(5))));
    return { name, value, ...(ratio && { ratio }), values: rounds };
  });
  const sign = about.better === 'less' ? 1 : -1;
  const rank = (/** @type {Row} */ { ratio, value }) =>
    sign * ((ratio ?? value)?.median ?? sign * Number.POSITIVE_INFINITY);
  return { ...about, rows: rows.toSorted((a, b) => rank(a) - rank(b)) };
}
