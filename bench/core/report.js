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
 * @property {readonly string[]} [only] the contenders and cases that were asked for, if not all were
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
 * A row for each target; of one about several figures that of the worst of them.
 * @param {readonly import('./verdicts.js').Verdict[]} verdicts
 * @returns {string} Markdown
 */
export function toVerdictTable(verdicts) {
  /** @type {Map<string, import('./verdicts.js').Verdict[]>} */
  const targets = new Map();
  for (const verdict of verdicts) {
    const target = `${verdict.what} ${verdict.wanted}`;
    targets.set(target, [...(targets.get(target) ?? []), verdict]);
  }
  return [
    '| what | figure | measured | quartiles | target | reached |',
    '|---|---|--:|--:|--:|---|',
    ...[...targets.values()].flatMap(toVerdictRow),
  ].join('\n');
}

/** @param {import('./verdicts.js').Verdict[]} verdicts on one target */
function toVerdictRow(verdicts) {
  const [worst, ...others] = verdicts.sort((one, other) => other.share - one.share);
  if (worst === undefined) return [];
  const { what, figure, reached, spread, wanted } = worst;
  const best = others.at(-1)?.reached;
  const among = best === undefined ? '' : `, the worst of ${verdicts.length} (best ${shown(best)})`;
  const value = reached === undefined ? '-' : shown(reached);
  const quartiles = spread ? rangeOf(spread) : '-';
  return [
    `| ${what} | ${figure}${among} | ${value} | ${quartiles} | ${wanted} | ${answerOf(verdicts)} |`,
  ];
}

/** @param {import('./statistics.js').Summary} spread */
function rangeOf({ n, q1, q3 }) {
  return n > 1 ? `${shown(q1)} to ${shown(q3)}` : 'one run';
}

/** @param {readonly import('./verdicts.js').Verdict[]} verdicts the worst first */
function answerOf(verdicts) {
  const [{ share, isMeasured } = { share: 0, isMeasured: false }] = verdicts;
  if (!isMeasured) return '**not measured**';
  if (share <= 1) return 'yes';
  const reached = verdicts.filter((one) => one.share <= 1).length;
  const some = reached > 0 ? `${reached} of ${verdicts.length}, ` : '';
  return some + (share > 1.1 ? '**no**' : 'nearly');
}
