import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { toBarChart } from '../core/bar-chart.js';
import { replacePassages } from '../core/passages.js';
import { toVerdictTable } from '../core/report.js';
import { toTable } from '../core/table.js';
import { TARGETS } from '../core/targets.js';
import { unmeasured } from '../core/verdicts.js';

const DOCS = new URL('../../docs/', import.meta.url);

/**
 * Writes the passages of docs/performance.md that these results are about, and their charts.
 * @param {import('../core/report.js').Result} result
 * @param {readonly import('../core/merge-results.js').Run[]} runs that it was put together from
 */
export function writeDocs({ machine, versions, suites, verdicts }, runs) {
  const comparisons = suites.flatMap((suite) => suite.comparisons);
  const passages = new Map(comparisons.map((one) => [one.id, passageOf(one)]));
  passages.set('machine', machineOf(machine, versions, runs));
  passages.set('targets', toVerdictTable([...verdicts, ...unmeasured(TARGETS, comparisons)]));
  const page = new URL('performance.md', DOCS);
  const text = replacePassages(readFileSync(page, 'utf8'), passages);
  writeFileSync(page, text);
  mkdirSync(new URL('performance/', DOCS), { recursive: true });
  for (const comparison of comparisons) {
    const chart = chartOf(comparison.id);
    if (text.includes(chart)) writeFileSync(new URL(chart, DOCS), toBarChart(comparison));
  }
}

/** @param {string} id */
function chartOf(id) {
  return `performance/${id}.svg`;
}

/** @param {import('../core/comparison.js').Comparison} comparison */
function passageOf(comparison) {
  const picture = `<picture><img alt="${comparison.title}, as bars" src="${chartOf(comparison.id)}" width="720"></picture>`;
  return `${picture}\n\n${toTable(comparison)}`;
}

/**
 * @param {Record<string, string | number | boolean>} machine
 * @param {Record<string, string>} versions
 * @param {readonly import('../core/merge-results.js').Run[]} runs
 */
function machineOf({ processor, cores, system, node, pinned }, versions, runs) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${processor}, ${cores} cores, ${system}, Node ${node}; ${pinned}.`,
    `${packages.join(', ')}.`,
    '',
    '| measured | commit | load before | suites |',
    '|---|---|---|---|',
    ...runs.map(({ date, commit, load, suites }) => {
      const minute = date.slice(0, 16).replace('T', ' ');
      return `| ${minute} | ${commit} | ${load} | ${suites.join(', ')} |`;
    }),
  ].join('\n');
}
