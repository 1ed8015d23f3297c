// npm run bench -- --help
import { existsSync } from 'node:fs';

const needed = [
  ['./node_modules/fastify', 'The peers are not installed: run "npm ci --prefix bench".'],
  ['../dist/server/index.js', 'There is nothing to measure: run "npm run build".'],
];
const missing = needed.find(([path = '']) => !existsSync(new URL(path, import.meta.url)));
if (missing) {
  process.stderr.write(`${missing[1]}\n`);
  process.exit(1);
}
// Only now: what is imported here would fail without the peers.
const { main } = await import('./runner/main.js');
process.exit(await main(process.argv.slice(2)));
