// All trials of faults in their long form, then the soak: npm run soak -- --minutes 60 --seed 1
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endDescendants } from './descendants.js';
import { HELP, RESOLVING_MINUTES, readSettings } from './settings.js';
import { stepsOf } from './steps.js';

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MINUTE = 60_000;

let settings;
try {
  settings = readSettings(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const { minutes, seed, help } = settings;
if (help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}
const begun = performance.now();
const passed = () => Math.round((performance.now() - begun) / MINUTE);

process.stdout.write(`soak: seed ${seed}, ${minutes} minutes\n`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    endDescendants(process.pid);
    verdict('broken off', 130);
  });
}

const failed = [];
for (const step of stepsOf(settings)) if (!(await vitest(step))) failed.push(step.name);
if (failed.length > 0) verdict(`failed: ${failed.join(', ')}`, 1);
const tooShort = `passed, but ${minutes} minutes are too few to resolve the slope of a heap`;
verdict(minutes < RESOLVING_MINUTES ? tooShort : 'passed', 0);

function verdict(text, code) {
  process.stdout.write(`verdict after ${passed()} minutes, seed ${seed}: ${text}\n`);
  process.exit(code);
}

/** Whether it passed, and within its minutes. */
function vitest({ args, variables, mostMinutes }) {
  return new Promise((resolve) => {
    // Nothing may be skipped: what was not tried has not passed.
    const long = { CI: 'true', FAULTS: 'long', TEST_SEED: String(seed) };
    const env = { ...process.env, ...long, ...variables };
    // A group of its own: what is typed here to end all is passed on by us, to everything.
    const options = { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true };
    const child = spawn(process.execPath, [VITEST, 'run', ...args], options);
    const deadline = setTimeout(() => {
      process.stdout.write(`not done after ${mostMinutes} minutes\n`);
      endDescendants(process.pid);
    }, mostMinutes * MINUTE);
    child.once('close', (code) => {
      clearTimeout(deadline);
      resolve(code === 0);
    });
  });
}
