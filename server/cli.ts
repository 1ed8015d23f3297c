#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { cacheFolder } from './cache-folder.ts';
import { digestOf, readCode, writeCode } from './code-cache.ts';

/** Milliseconds: by then, all that a start needs has been compiled. */
const STARTED = 2000;

// The whole command, as one function of what a module has.
const filename = fileURLToPath(new URL('./command.cjs', import.meta.url));
const source = readFileSync(filename);
const { NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env;
const isCached = NODE_DISABLE_COMPILE_CACHE === undefined && NODE_V8_COVERAGE === undefined;
const path = isCached ? codePath(source) : undefined;
const cachedData = path === undefined ? undefined : readCode(path);
// It is ASCII, as its build makes sure: one byte for each character, and V8 keeps it as that.
const script = new Script(source.toString('latin1'), { filename, cachedData });
const load = (specifier: string): Promise<unknown> => import(specifier);
script.runInThisContext()(createRequire(filename), filename, load);

// V8 refuses what another version of it has made, or the same with other flags.
if (path !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
  setTimeout(() => writeCode(path, script.createCachedData()), STARTED).unref();
}

/** Of each bundle, Node and set of flags its own: V8 takes no code that was made under others. */
function codePath(content: Buffer): string | undefined {
  const folder = cacheFolder();
  if (folder === undefined) return undefined;
  const flags = [...process.execArgv, process.env.NODE_OPTIONS];
  const name = digestOf(Buffer.from(`${digestOf(content).toString('hex')} ${flags.join(' ')}`));
  const made = `${process.version}-${process.arch}-${name.toString('hex').slice(0, 32)}`;
  return join(folder, 'dev-serve', 'code', made);
}
