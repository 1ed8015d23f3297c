import { shown } from './numbers.js';
import { toTable } from './table.js';

/**
 * All that a run has found out; what bench/results/ keeps.
 * @typedef {object} Result
 * @property {string} date
 * @property {string} command
 * @property {number} seed
 * @property {Record<string, string | number | boolean>} machine
 * @property {Record<string, string>} versions
 * @property {readonly SuiteResult[]} suites
 * @property {readonly import('./verdicts.js').Verdict[]} verdicts
 */

/**
 * @typedef {object} SuiteResult
 * @property {string} name
 * @property {string} title
 * @property {string} [skipped] why, and what to do
 * @property {boolean} [hasFailed] whether it was tried
 * @property {readonly string[]} [only] the contenders that were asked for, if not all were
 * @property {readonly import('./comparison.js').Comparison[]} comparisons
 */

/**
 * @param {Result} result
 * @returns {string} Markdown
 */
export function toReport({ date, command, seed, machine, versions, suites, verdicts }) {
  const facts = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `# ${date}\n`,
    `\`${command}\`, seed ${seed}\n`,
    `${facts.join(', ')}\n`,
    `${packages.join(', ')}\n`,
    ...suites.map(toSection),
    '## Targets\n',
    toVerdictTable(verdicts),
    '',
  ].join('\n');
}

/** @param {SuiteResult} suite */
function toSection({ title, skipped, comparisons }) {
  if (skipped !== undefined) return `## ${title}\n\nNot measured: ${skipped}\n`;
  const parts = comparisons.map((one) => `### ${one.title}\n\n${toTable(one)}\n`);
  return [`## ${title}\n`, ...parts].join('\n');
}

/**
 * @param {readonly import('./verdicts.js').Verdict[]} verdicts
 * @returns {string} Markdown
 */
export function toVerdictTable(verdicts) {
  const rows = verdicts.map((verdict) => {
    const { what, figure, reached, spread, wanted, isReached, isFar, isMeasured } = verdict;
    const value = reached === undefined ? '-' : shown(reached);
    const quartiles = spread ? `${shown(spread.q1)} to ${shown(spread.q3)}` : '-';
    const no = isMeasured ? (isFar ? '**no**' : 'nearly') : '**not measured**';
    return `| ${what} | ${figure} | ${value} | ${quartiles} | ${wanted} | ${isReached ? 'yes' : no} |`;
  });
  return [
    '| what | figure | measured | quartiles | target | reached |',
    '|---|---|--:|--:|--:|---|',
    ...rows,
  ].join('\n');
}
