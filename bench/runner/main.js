import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mergeResults } from '../core/merge-results.js';
import { partsOf, readOptions, UsageError } from '../core/options.js';
import { randomFrom } from '../core/random.js';
import { toReport } from '../core/report.js';
import { TARGETS } from '../core/targets.js';
import { judge } from '../core/verdicts.js';
import { endAllChildren } from './child.js';
import { contendersIn } from './contenders.js';
import { machine, versions } from './machine.js';
import { suites as allSuites } from './suites.js';
import { writeDocs } from './write-docs.js';

const RESULTS = new URL('../results/', import.meta.url);

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function main(args) {
  process.once('exit', endAllChildren);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => process.exit(130));
  try {
    const options = readOptions(args, {
      known: allSuites.map(({ name }) => name),
      quick: allSuites.filter(({ isQuick }) => isQuick).map(({ name }) => name),
      seed: Math.floor(Math.random() * 1e6),
    });
    if (options.list) {
      await list();
      return 0;
    }
    const isShownAgain = options.from.length > 0;
    const results = isShownAgain ? options.from.map(read) : [await measure(options, args)];
    const { verdicts, suites } = report(results, options);
    const hasFailed =
      verdicts.some(({ share, isMeasured }) => isMeasured && share > 1.1) ||
      suites.some((one) => one.hasFailed);
    return options.gate && hasFailed ? 2 : 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function list() {
  const tell = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
  for (const { name, title, isQuick } of allSuites) {
    tell(`${isQuick ? '*' : ' '} ${name.padEnd(14)} ${title}`);
  }
  tell('* without --suite and --full');
  const names = (/** @type {readonly { name: string }[]} */ all) =>
    all.map(({ name }) => name).join(', ');
  tell(`\nevents: ${names(await contendersIn('events'))}`);
  tell(`desk: ${names(await contendersIn('desk'))}`);
}

/**
 * @param {import('../core/options.js').Options} options
 * @param {readonly string[]} args
 * @returns {Promise<import('../core/report.js').Result>}
 */
async function measure(options, args) {
  const tell = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  tell(`seed ${options.seed}`);
  const begun = new Date().toISOString();
  const facts = machine();
  const found = /** @type {import('../core/report.js').SuiteResult[]} */ ([]);
  const result = () => ({
    date: begun,
    command: ['npm run bench --', ...args].join(' '),
    seed: options.seed,
    machine: facts,
    versions: versions(),
    suites: found,
    verdicts: judged(found),
  });
  for (const suite of allSuites.filter(({ name }) => options.suites.includes(name))) {
    tell(`${suite.name}: ${suite.title}`);
    const about = { name: suite.name, title: suite.title };
    const only = partsOf(options);
    found.push({ ...about, ...(only && { only }), ...(await outcome(suite, options, tell)) });
    endAllChildren();
    // After each: what breaks it off later takes nothing away.
    keep(result());
  }
  tell(`kept in bench/results/${fileOf(begun)}`);
  return result();
}

/** @param {import('../core/report.js').Result} result */
function keep(result) {
  mkdirSync(RESULTS, { recursive: true });
  const text = `${JSON.stringify(result, null, 2)}\n`;
  writeFileSync(new URL(fileOf(result.date), RESULTS), text);
}

/** @param {string} date */
function fileOf(date) {
  return `${date.slice(0, 19).replaceAll(':', '-')}.json`;
}

/**
 * One suite that fails takes no other with it.
 * @param {import('./suites.js').Suite} suite
 * @param {import('../core/options.js').Options} options
 * @param {(line: string) => void} tell
 */
async function outcome(suite, options, tell) {
  const obstacle = suite.obstacle?.();
  if (obstacle !== undefined) return { skipped: obstacle, comparisons: [] };
  try {
    return { comparisons: await suite.run({ options, tell, random: randomFrom(options.seed) }) };
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    tell(`${suite.name}: ${skipped}`);
    return { skipped, hasFailed: true, comparisons: [] };
  }
}

/** @param {readonly import('../core/report.js').SuiteResult[]} found */
function judged(found) {
  return judge(
    TARGETS,
    found.flatMap(({ comparisons }) => comparisons),
  );
}

/**
 * @param {string} file
 * @returns {import('../core/report.js').Result}
 */
function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {readonly import('../core/report.js').Result[]} results the last one tells of the machine
 * @param {import('../core/options.js').Options} options
 */
function report(results, { docs }) {
  const last = results.at(-1);
  if (last === undefined) throw new UsageError('--from needs a file of bench/results/.');
  const { suites, runs } = mergeResults(results);
  const result = { ...last, suites, verdicts: judged(suites) };
  process.stdout.write(toReport(result));
  if (docs) writeDocs(result, runs);
  return result;
}
