// All trials of faults in their long form, then the soak: npm run soak -- --minutes 60 --seed 1
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { descendantsOf, endAll } from './descendants.js';
import { readSettings } from './settings.js';

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const CONFIG = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Of the trials, whatever is left for the soak then. */
const LONGEST_TRIALS = 60;
/** What the soak gets at least, and what it may need besides its minutes. */
const [LEAST, BESIDES] = [1, 10];
const MINUTE = 60_000;

let settings;
try {
  settings = readSettings(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const { minutes, seed, soakOnly } = settings;
const begun = performance.now();
const passed = () => Math.round((performance.now() - begun) / MINUTE);

process.stdout.write(`soak: seed ${seed}, ${minutes} minutes\n`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopAll();
    verdict('broken off', 130);
  });
}

const failed = [];
if (!soakOnly) {
  const args = ['test/faults', '--maxWorkers=1', '--reporter=verbose'];
  if (!(await vitest(args, {}, LONGEST_TRIALS))) failed.push('the trials of faults');
}
const left = Math.max(LEAST, minutes - passed());
const soakArgs = ['--config', CONFIG, '--reporter=verbose'];
if (!(await vitest(soakArgs, { SOAK_MINUTES: String(left) }, left + BESIDES)))
  failed.push('the soak');
verdict(
  failed.length === 0 ? 'passed' : `failed: ${failed.join(', ')}`,
  failed.length === 0 ? 0 : 1,
);

function verdict(text, code) {
  process.stdout.write(`verdict after ${passed()} minutes, seed ${seed}: ${text}\n`);
  process.exit(code);
}

/** Whether it passed, and within its minutes. */
function vitest(args, variables, most) {
  return new Promise((resolve) => {
    const env = { ...process.env, FAULTS: 'long', TEST_SEED: String(seed), ...variables };
    // A group of its own: what is typed here to end all is passed on by us, to everything.
    const options = { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true };
    const child = spawn(process.execPath, [VITEST, 'run', ...args], options);
    const deadline = setTimeout(() => {
      process.stdout.write(`not done after ${most} minutes\n`);
      stopAll();
    }, most * MINUTE);
    child.once('close', (code) => {
      clearTimeout(deadline);
      resolve(code === 0);
    });
  });
}

function stopAll() {
  endAll(descendantsOf(process.pid));
}
