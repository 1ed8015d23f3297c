import { mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Those that tests start again and again. */
const SERVERS = ['faults/event-server.js', 'peers/news-process.js'];

/** For what is bundled and no ES module. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;

/**
 * Bundles servers for tests: to find, read and link their 300 modules took longer than all the rest
 * of a start. Resolves to a new folder they are in, `.mjs` each.
 */
export async function bundleServers(): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), 'dev-serve-servers-'));
  await build({
    entryPoints: SERVERS.map(here),
    outdir,
    outbase: here('.'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner: { js: REQUIRE },
    // An addon is taken from where it is installed.
    external: ['lmdb'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  await symlink(here('../../node_modules'), join(outdir, 'node_modules'), 'dir');
  return outdir;
}
