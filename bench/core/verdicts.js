import { rounded, shown } from './numbers.js';
import { ratios, summarize } from './statistics.js';

/**
 * What a figure has to reach. In `figures`, `*` stands for whatever has no dash.
 * @typedef {object} Target
 * @property {string} what
 * @property {string} figures id of the comparisons it is about
 * @property {string} contender
 * @property {string} [against] divided by the median of this contender, or by that of the best `peer`;
 *   without it the value counts
 * @property {number} [atMost]
 * @property {number} [atLeast]
 */

/**
 * @typedef {object} Verdict
 * @property {string} what
 * @property {string} figure
 * @property {number | undefined} reached the median
 * @property {import('./statistics.js').Summary} [spread] of the rounds it is of
 * @property {string} wanted
 * @property {number} share of what is wanted: above 1 it is missed, above 1.1 by more than a tenth
 * @property {boolean} isMeasured
 */

/** What is no library: the ground that all of them stand on. */
const NO_PEERS = /^(?:dev-serve|raw net|node:http|node itself|plain )/;

/**
 * Each target that was measured, whether it was reached.
 * @param {readonly Target[]} targets
 * @param {readonly import('./comparison.js').Comparison[]} comparisons
 * @returns {Verdict[]}
 */
export function judge(targets, comparisons) {
  return targets.flatMap((target) => verdictsOn(target, comparisons));
}

/**
 * Each target that nothing was measured for.
 * @param {readonly Target[]} targets
 * @param {readonly import('./comparison.js').Comparison[]} comparisons
 * @returns {Verdict[]}
 */
export function unmeasured(targets, comparisons) {
  return targets
    .filter((target) => verdictsOn(target, comparisons).length === 0)
    .map((target) => ({
      what: target.what,
      figure: target.figures,
      reached: undefined,
      wanted:
        `${limitOf(target)} ${target.against === undefined ? '' : `x ${target.against}`}`.trim(),
      share: Number.POSITIVE_INFINITY,
      isMeasured: false,
    }));
}

/**
 * @param {Target} target
 * @param {readonly import('./comparison.js').Comparison[]} comparisons
 */
function verdictsOn(target, comparisons) {
  const pattern = new RegExp(`^${target.figures.replaceAll('*', '[^-]+')}$`);
  const about = comparisons.filter(({ id }) => pattern.test(id));
  return about.flatMap((comparison) => verdict(target, comparison));
}

/**
 * @param {Target} target
 * @param {import('./comparison.js').Comparison} comparison
 * @returns {Verdict[]}
 */
function verdict(target, comparison) {
  const { what, contender, against } = target;
  const row = comparison.rows.find(({ name }) => name === contender);
  if (row === undefined) return [];
  const base = against === undefined ? undefined : baseOf(against, comparison);
  if (against !== undefined && base === undefined) return [];
  const { reached, spread } = figureOf(row, base);
  const unit = base === undefined ? comparison.unit : `x ${base.name}`;
  const wanted = `${limitOf(target)} ${unit}`;
  // By what is shown: a figure that looks like its target has reached it.
  const share = shareOf(target, reached === undefined ? undefined : rounded(reached));
  const answer = { share, isMeasured: true };
  return [{ what, figure: comparison.id, reached, ...(spread && { spread }), wanted, ...answer }];
}

/**
 * @param {Target} target
 * @param {number | undefined} reached
 */
function shareOf({ atMost, atLeast }, reached) {
  if (reached === undefined) return Number.POSITIVE_INFINITY;
  return atMost === undefined ? (atLeast ?? 0) / reached : reached / atMost;
}

/** @param {Target} target */
function limitOf({ atMost, atLeast }) {
  return atMost === undefined ? `>= ${shown(atLeast ?? 0)}` : `<= ${shown(atMost)}`;
}

/**
 * Against another, the ratio of each round: what disturbs a round disturbs both.
 * @param {import('./comparison.js').Row} row
 * @param {import('./comparison.js').Row | undefined} base
 */
function figureOf(row, base) {
  if (base === undefined) return { reached: row.value?.median, spread: row.value };
  const spread = summarize(ratios(row.values ?? [], base.values ?? []));
  // Results of before had no values of rounds.
  const [one, other] = row.ratio && base.ratio ? [row.ratio, base.ratio] : [row.value, base.value];
  return { reached: spread?.median ?? (one && other && one.median / other.median), spread };
}

/**
 * @param {string} against
 * @param {import('./comparison.js').Comparison} comparison the best first
 */
function baseOf(against, { rows }) {
  if (against !== 'peer') return rows.find(({ name, value }) => name === against && value);
  return rows.find(({ name, value }) => value && !NO_PEERS.test(name));
}
