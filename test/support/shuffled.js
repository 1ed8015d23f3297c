// Runs the tests again and again, each time in another order: node test/support/shuffled.js [rounds]
import { spawnSync } from 'node:child_process';

const rounds = Number(process.argv[2] ?? 20);
const orders = ['--sequence.shuffle.files', '--sequence.shuffle.tests'];
const failed = [];

for (let round = 1; round <= rounds; round++) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const began = performance.now();
  const vitest = ['vitest', 'run', '--reporter=dot', ...orders, `--sequence.seed=${seed}`];
  // What the first round has built is what the others test.
  const env = round === 1 ? process.env : { ...process.env, SKIP_BUILD: 'true' };
  const { status } = spawnSync('npx', vitest, { stdio: 'inherit', env });
  if (status !== 0) failed.push(seed);
  const seconds = Math.round((performance.now() - began) / 1000);
  const outcome = status === 0 ? 'passed' : 'FAILED';
  console.log(`round ${round} of ${rounds}: ${outcome} in ${seconds} s, seed ${seed}`);
}
console.log(`${rounds - failed.length} of ${rounds} rounds passed`);
if (failed.length > 0) console.log(`seeds that failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
