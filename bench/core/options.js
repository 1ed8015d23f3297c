import { parseArgs } from 'node:util';

/**
 * What is to be measured.
 * @typedef {object} Options
 * @property {readonly string[]} suites
 * @property {readonly string[] | undefined} contenders by name; undefined: all
 * @property {readonly number[] | undefined} readers
 * @property {readonly number[] | undefined} bursts
 * @property {readonly number[] | undefined} bytes
 * @property {number | undefined} rounds
 * @property {number} seed
 * @property {boolean} full the sizes of the documents instead of those for a few minutes
 * @property {boolean} docs whether the documents are to show it
 * @property {boolean} gate whether a target that is missed by more than a tenth is a failure
 * @property {boolean} list
 * @property {readonly string[]} from results to show again instead of measuring
 */

export const USAGE = `npm run bench -- [options]
  --list                 the suites and the contenders
  --suite <names>        these, e.g. fan-out,latency; "all" for each; without it those of a few minutes
  --contenders <names>   only these and what they are compared with
  --full                 every suite, and the sizes of docs/performance.md; takes hours
  --rounds <n>           slices of each contender
  --readers <n,..>       --burst <n,..>  --bytes <n,..>   other cases
  --seed <n>             the same order again
  --from <files>         show results again instead of measuring
  --gate                 ends with 2 if a target is missed by more than a tenth, or a suite fails
  --docs                 write docs/performance.md and its charts`;

const SPEC = /** @type {const} */ ({
  list: { type: 'boolean', default: false },
  suite: { type: 'string' },
  contenders: { type: 'string' },
  full: { type: 'boolean', default: false },
  docs: { type: 'boolean', default: false },
  gate: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  readers: { type: 'string' },
  burst: { type: 'string' },
  bytes: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
});

/** What was typed makes no sense; the message says what would. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} args
 * @param {object} defaults
 * @param {readonly string[]} defaults.known names of suites
 * @param {readonly string[]} defaults.quick those for a few minutes
 * @param {number} defaults.seed
 * @returns {Options}
 * @throws {UsageError}
 */
export function readOptions(args, { known, quick, seed }) {
  const values = parsed(args);
  if (values.help) throw new UsageError(USAGE);
  const asked = names(values.suite) ?? (values.full ? ['all'] : quick);
  const suites = asked.includes('all') ? known : asked;
  const unknown = suites.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no suite "${unknown}": take one of ${known.join(', ')}.`);
  }
  return {
    suites,
    contenders: names(values.contenders),
    readers: numbers('readers', values.readers),
    bursts: numbers('burst', values.burst),
    bytes: numbers('bytes', values.bytes),
    rounds: numbers('rounds', values.rounds)?.[0],
    seed: numbers('seed', values.seed)?.[0] ?? seed,
    full: values.full,
    docs: values.docs,
    gate: values.gate,
    list: values.list,
    from: names(values.from) ?? [],
  };
}

/**
 * What was asked for of a suite; undefined: all that it has.
 * @param {Options} options
 */
export function partsOf({ contenders, readers, bursts, bytes }) {
  const cases = Object.entries({ readers, bursts, bytes });
  const some = cases.flatMap(([name, values]) => (values ? `${name}: ${values.join(', ')}` : []));
  return contenders || some.length > 0 ? [...(contenders ?? []), ...some] : undefined;
}

/** @param {readonly string[]} args */
function parsed(args) {
  try {
    return parseArgs({ args: [...args], options: SPEC }).values;
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new UsageError(`${reason?.replace(/\.?$/, '.')} "npm run bench -- --help" tells all.`);
  }
}

/** @param {string | undefined} text */
function names(text) {
  return text?.split(',').map((name) => name.trim());
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function numbers(name, text) {
  const found = names(text)?.map(Number);
  if (found?.some((value) => !Number.isSafeInteger(value) || value < 1)) {
    throw new UsageError(`--${name} takes whole numbers from 1 on, not "${text}".`);
  }
  return found;
}
