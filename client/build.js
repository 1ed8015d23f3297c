import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(await readFile(here('../package.json'), 'utf8'));

await build({
  entryPoints: [here('client.ts')],
  outfile: process.argv[2] ?? here('../dist/client/client.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  define: { devServeVersion: JSON.stringify(version) },
  logLevel: 'warning',
});
