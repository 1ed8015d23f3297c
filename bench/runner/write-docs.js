import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { toBarChart } from '../core/bar-chart.js';
import { replacePassages } from '../core/passages.js';
import { toVerdictTable } from '../core/report.js';
import { toTable } from '../core/table.js';

const DOCS = new URL('../../docs/', import.meta.url);

/**
 * Writes the passages of docs/performance.md that these results are about, and their charts.
 * @param {import('../core/report.js').Result} result
 */
export function writeDocs({ date, machine, versions, suites, verdicts }) {
  const comparisons = suites.flatMap((suite) => suite.comparisons);
  const passages = new Map(comparisons.map((one) => [one.id, passageOf(one)]));
  passages.set('machine', machineOf(date, machine, versions));
  passages.set('targets', toVerdictTable(verdicts));
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
 * @param {string} date
 * @param {Record<string, string | number | boolean>} machine
 * @param {Record<string, string>} versions
 */
function machineOf(date, { processor, cores, system, node, pinned, commit, load }, versions) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date.slice(0, 10)}: ${processor}, ${cores} cores, ${system}, Node ${node}; ${pinned}; load before: ${load}.\nCommit ${commit}: ${packages.join(', ')}.`;
}
