// Runs what has to do with streams while none writes to its socket itself:
// node test/support/piped.js [what Vitest takes]
import { spawnSync } from 'node:child_process';

const tests = [
  ...['events', 'sse', 'http', 'websocket', 'peers', 'faults', 'limits'].map(
    (folder) => `test/${folder}/`,
  ),
  'test/counts.test.ts',
  'test/transport-torture.test.ts',
];
/** Stores know no streams; these trials of the soak have none. */
const others = ['test/events/stores/**', 'test/faults/soak-*'];

const given = process.argv.slice(2);
const what = given.length > 0 ? given : [...tests, ...others.map((each) => `--exclude=${each}`)];
const { status } = spawnSync('npx', ['vitest', 'run', ...what], {
  stdio: 'inherit',
  env: { ...process.env, DEV_SERVE_DIRECT: 'off' },
});
process.exitCode = status ?? 1;
