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
    values: values.map((value) => (value === undefined ? undefined : pick(value))),
  }));
  const base = picked.find(({ name }) => name === about.baseline)?.values;
  const rows = picked.map(({ name, values, error }) => {
    const value = summarize(values.filter((one) => one !== undefined));
    const ratio = base && summarize(ratios(values, base));
    return { name, ...(value && { value }), ...(ratio && { ratio }), ...(error && { error }) };
  });
  const sign = about.better === 'less' ? 1 : -1;
  const rank = (/** @type {Row} */ { ratio, value }) =>
    sign * ((ratio ?? value)?.median ?? sign * Number.POSITIVE_INFINITY);
  return { ...about, rows: rows.toSorted((a, b) => rank(a) - rank(b)) };
}
