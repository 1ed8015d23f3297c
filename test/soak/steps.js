import { fileURLToPath } from 'node:url';

const CONFIG = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
/** Most minutes of the trials, and what the soak may need besides its own. */
const [LONGEST_TRIALS, BESIDES] = [120, 10];

/** Whatever has a long form. */
const TRIALS = [
  'test/faults',
  'test/limits',
  'test/advisories',
  'test/hosts',
  'test/events/encode-properties.test.ts',
  'test/cli/hostile-requests.test.ts',
  'test/dev-serve/special-files.test.ts',
  'test/files/start-of-big-sites.test.ts',
];

/** What is run, one after the other: the soak has all of its minutes, however long the trials took. */
export function stepsOf({ minutes, soakOnly, only }) {
  const trials = {
    name: 'the trials of faults',
    args: [...TRIALS, '--maxWorkers=1', '--reporter=verbose'],
    variables: {},
    mostMinutes: LONGEST_TRIALS,
  };
  const soak = {
    name: 'the soak',
    args: [...ofOne(only), '--config', CONFIG, '--reporter=verbose'],
    variables: { SOAK_MINUTES: String(minutes) },
    mostMinutes: minutes + BESIDES,
  };
  return soakOnly || only !== undefined ? [soak] : [trials, soak];
}

const ofOne = (only) => (only === undefined ? [] : [`test/soak/${only}.soak.ts`]);
