import { compare } from '../core/comparison.js';
import { contendersIn } from '../runner/contenders.js';
import { Pair } from '../runner/pair.js';
import { rotate } from '../runner/rotation.js';

const BASELINE = 'dev-serve';
const PLACE = new URL('../contenders/gzip/', import.meta.url);
const FILES = ['dev-serve.js', 'node-http.js'];
/** The largest first: they fill the 32 KiB of what zlib looks back to, for each reader. */
const SIZES = [1000, 250, 100];
const WARM_UP = 400;
const SLICE = 150;

export default {
  name: 'compressed',
  title: 'Compressed once for all readers',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, tell } = context;
    /** @type {import('../core/comparison.js').Comparison[]} */
    const comparisons = [];
    for (const readers of options.readers ?? [200, 1000]) {
      const pairs = await allPairs();
      try {
        for (const pair of pairs) {
          tell(`  ${pair.name}: ${readers} readers`);
          await pair.connect(readers);
        }
        comparisons.push(...(await measured(context, pairs, readers)));
      } finally {
        for (const pair of pairs) pair.end();
      }
    }
    return comparisons;
  },
};

async function allPairs() {
  const plain = (await contendersIn('events')).filter(({ name }) => name === BASELINE);
  const urls = FILES.map((file) => new URL(file, PLACE).href);
  const modules = await Promise.all(urls.map((url) => import(url)));
  const gzip = modules.map(({ default: one }, index) => ({ ...one, url: urls[index] ?? '' }));
  return [
    ...plain.map((one) => new Pair(one)),
    ...gzip.map((one) => new Pair(one, { isGzip: true })),
  ];
}

/**
 * @param {import('../runner/suites.js').Context} context
 * @param {readonly Pair[]} pairs
 * @param {number} readers
 */
async function measured({ options, random, tell }, pairs, readers) {
  const comparisons = [];
  const rounds = options.rounds ?? (options.full ? 15 : 5);
  for (const bytes of options.bytes ?? SIZES) {
    for (const burst of options.bursts ?? [8, 1]) {
      tell(`  ${readers} readers, ${bytes} bytes, ${burst} a turn`);
      const what = { burst, bytes, isJson: true };
      await rotate(pairs, 1, random, (one) => one.slice({ ...what, milliseconds: WARM_UP }));
      const slice = { ...what, milliseconds: SLICE };
      const found = await rotate(pairs, rounds, random, (one) => one.slice(slice));
      const about = (/** @type {string} */ figure, /** @type {string} */ title) => ({
        id: `compressed-${figure}-${readers}-${bytes}B-${burst}`,
        title: `${title}, ${readers.toLocaleString('en-US')} readers, ${bytes} bytes, ${burst} a turn`,
        better: /** @type {const} */ ('less'),
        baseline: BASELINE,
      });
      comparisons.push(
        compare(
          { ...about('cpu', 'Processor time'), unit: 'µs per delivery' },
          found,
          (one) => one.micros,
        ),
        compare(
          { ...about('bytes', 'On the wire'), unit: 'bytes per delivery' },
          found,
          (one) => one.bytes,
        ),
      );
    }
  }
  return comparisons;
}
