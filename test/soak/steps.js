import { fileURLToPath } from 'node:url';

const CONFIG = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
/** Most minutes of the trials, and what the soak may need besides its own. */
const [LONGEST_TRIALS, BESIDES] = [60, 10];

/** What is run, one after the other: the soak has all of its minutes, however long the trials took. */
export function stepsOf({ minutes, soakOnly }) {
  const trials = {
    name: 'the trials of faults',
    args: ['test/faults', '--maxWorkers=1', '--reporter=verbose'],
    variables: {},
    mostMinutes: LONGEST_TRIALS,
  };
  const soak = {
    name: 'the soak',
    args: ['--config', CONFIG, '--reporter=verbose'],
    variables: { SOAK_MINUTES: String(minutes) },
    mostMinutes: minutes + BESIDES,
  };
  return soakOnly ? [soak] : [trials, soak];
}
