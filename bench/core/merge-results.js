/**
 * Which suites were measured when, and of what.
 * @typedef {object} Run
 * @property {string} date
 * @property {string} commit
 * @property {string} load of the machine before it
 * @property {readonly string[]} suites
 */

/**
 * Several results as one: of a suite that is in more than one the last counts, but some of the contenders
 * never stand for all of them.
 * @param {readonly import('./report.js').Result[]} results
 */
export function mergeResults(results) {
  const all = results.flatMap((result) => result.suites.map((suite) => ({ suite, result })));
  const isWhole = (/** @type {(typeof all)[number]} */ { suite }) => suite.only === undefined;
  const partsFirst = [...all.filter((one) => !isWhole(one)), ...all.filter(isWhole)];
  const found = [...new Map(partsFirst.map((one) => [one.suite.name, one])).values()];
  /** @type {readonly Run[]} */
  const runs = results.map((result) => ({
    date: result.date,
    commit: String(result.machine.commit ?? 'unknown'),
    load: String(result.machine.load),
    suites: found.filter((one) => one.result === result).map(({ suite }) => suite.name),
  }));
  return {
    suites: found.map(({ suite }) => suite),
    runs: runs.filter(({ suites }) => suites.length > 0),
  };
}
