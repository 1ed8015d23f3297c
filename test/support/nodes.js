// Runs tests on each line of Node that is supported: node test/support/nodes.js [what Vitest takes]
// Else those of what streams ask of Node that it documents nowhere.
import { spawnSync } from 'node:child_process';

/** The oldest first, which builds for the others. */
const LINES = ['20.19', '22', '24', '26'];
const guards = [
  'test/sse/direct',
  'test/sse/unknown-node',
  'test/sse/handler-timeout',
  'test/sse/compressed',
  'test/sse/little-by-little',
  'test/sse/piped-stalled',
  'test/websocket/stalled',
  'test/events/direct-response.test.ts',
  'test/events/shared-gzip',
  'test/events/fan-out.test.ts',
  'test/counts.test.ts',
  'test/transport-torture.test.ts',
];
const given = process.argv.slice(2);
const what = given.length > 0 ? given : guards;
const failed = [];

for (const line of LINES) {
  // npm has Node as a package.
  const node = ['--yes', '--package', `node@${line}`, '--', 'node'];
  const env = line === LINES[0] ? process.env : { ...process.env, SKIP_BUILD: 'true' };
  const run = (...args) => spawnSync('npx', [...node, ...args], { stdio: 'inherit', env }).status;
  run('--version');
  if (run('node_modules/vitest/vitest.mjs', 'run', ...what) !== 0) failed.push(line);
}
console.log(failed.length === 0 ? 'passed on every line' : `FAILED on Node ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
