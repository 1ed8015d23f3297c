import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(await readFile(here('../package.json'), 'utf8'));
const [, , outdir = here('../dist/client')] = process.argv;

const options = {
  outdir,
  bundle: true,
  minify: true,
  target: 'es2022',
  charset: 'utf8',
  logLevel: 'warning',
};

await build({
  ...options,
  entryPoints: [here('client.ts')],
  format: 'iife',
  define: { devServeVersion: JSON.stringify(version) },
});
await build({ ...options, entryPoints: [here('status.ts')], format: 'iife' });
await build({ ...options, entryPoints: [here('connect.ts')], format: 'esm' });
