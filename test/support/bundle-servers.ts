import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Those that tests start again and again. */
const SERVERS = ['faults/event-server.js', 'peers/news-process.js'];
/** Where what cannot be bundled is found too. */
const FOLDER = here('../../node_modules/.cache/dev-serve-tests');

/** For what is bundled and no ES module. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;

/**
 * Bundles servers for tests: to find, read and link their 300 modules took longer than all the rest
 * of a start. Resolves to the folder they are in, `.mjs` each.
 */
export async function bundleServers(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: SERVERS.map(here),
    outdir: FOLDER,
    outbase: here('.'),
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner: { js: REQUIRE },
    // An addon is no text.
    external: ['lmdb'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    // Whole at any moment: another run may be about to start it.
    const unfinished = `${path}.${process.pid}`;
    await writeFile(unfinished, contents);
    await rename(unfinished, path);
  }
  return FOLDER;
}
