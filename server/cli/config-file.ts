import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigFileError } from '../../plugins/errors.ts';
import type { Config } from '../config.ts';
import { unknownKey } from './config-keys.ts';
import { unfitValue } from './config-shapes.ts';
import { parseJson } from './parse-json.ts';

export interface ConfigFile {
  /** Absolute path. */
  readonly path: string;
  readonly config: Config;
}

const NAMES = ['js', 'mjs', 'ts', 'json'].map((extension) => `dev-serve.config.${extension}`);
const PACKAGE = 'package.json';
const PACKAGE_KEY = 'dev-serve';

/**
 * Loads the config file that is named, or else the one that lies in `directory`.
 *
 * @param name path from `directory`; `false` for none at all
 * @throws ConfigFileError in one line that names the file, and the key if one is unknown.
 */
export async function loadConfigFile(
  directory: string,
  name?: string | false,
): Promise<ConfigFile | undefined> {
  if (name === false) return undefined;
  if (name === undefined) return findConfigFile(directory);
  const path = resolve(directory, name);
  return { path, config: check(name, await load(path, name)) };
}

async function findConfigFile(directory: string): Promise<ConfigFile | undefined> {
  const found = NAMES.filter((name) => isFile(resolve(directory, name)));
  const packaged = packageConfig(resolve(directory, PACKAGE));
  const [name, second] = packaged === undefined ? found : [...found, PACKAGE];
  if (name === undefined) return undefined;
  if (second !== undefined) {
    throw new ConfigFileError(name, `there is a configuration in ${second} as well: keep one`);
  }
  const path = resolve(directory, name);
  return { path, config: check(name, name === PACKAGE ? packaged : await load(path, name)) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A package.json that cannot be read is npm's business, not ours. */
function packageConfig(path: string): unknown {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content !== 'object' || content === null) return undefined;
    return Object.entries(content).find(([key]) => key === PACKAGE_KEY)?.[1];
  } catch {
    return undefined;
  }
}

async function load(path: string, name: string): Promise<unknown> {
  try {
    const content = await read(path);
    return typeof content === 'function' ? await content() : content;
  } catch (error) {
    throw new ConfigFileError(name, oneLine(error, path));
  }
}

async function read(path: string): Promise<unknown> {
  if (basename(path) === PACKAGE) return packageConfig(path);
  const extension = extname(path);
  if (extension === '.json') return parseJson(readFileSync(path, 'utf8'));
  if (!isFile(path)) throw new Error('no such file');
  if (/^\.[cm]?ts$/.test(extension)) {
    const { createJiti } = await import('jiti');
    return createJiti(import.meta.url, { fsCache: false }).import(path, { default: true });
  }
  withoutTypelessWarning();
  const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
  return module.default;
}

/** A folder of pages needs no package.json that says which kind of module a `.js` file is. */
function withoutTypelessWarning(): void {
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if ('code' in warning && warning.code === 'MODULE_TYPELESS_PACKAGE_JSON') return;
    for (const print of printers) print(warning);
  });
}

function check(name: string, content: unknown): Config {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigFileError(name, 'must hold an object, or export one by default');
  }
  const problem = unknownKey(content) ?? unfitValue(content);
  if (problem !== undefined) throw new ConfigFileError(name, problem);
  return content;
}

/** The reason and its line, without the file, which is named before it. */
function oneLine(error: unknown, path: string): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT' && error.message.includes(path)) {
    return 'no such file';
  }
  const [first = ''] = error.message.split('\n').filter((line) => line.trim() !== '');
  const text = error.name === 'Error' ? first.trim() : `${error.name}: ${first.trim()}`;
  const [, line] = `${error.message} ${error.stack}`.split(`${path}:`);
  return line === undefined ? text : `${text} (line ${Number.parseInt(line, 10)})`;
}
