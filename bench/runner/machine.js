import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, release, type } from 'node:os';
import { canPin } from './child.js';

/** @returns {Record<string, string | number | boolean>} what the figures depend on */
export function machine() {
  return {
    processor: cpus()[0]?.model.trim() ?? arch(),
    cores: availableParallelism(),
    system: `${type()} ${release()}`,
    node: process.version,
    commit: commit() || 'unknown',
    pinned: canPin ? 'server on core 0, load on core 1' : 'no: there is no taskset',
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(' '),
  };
}

/** Of dev-serve, "-dirty" if it has been changed since; empty where it is no clone. */
function commit() {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' });
  return stdout?.trim();
}

/** @returns {Record<string, string>} of the package and of each dependency of bench/ */
export function versions() {
  const read = (/** @type {string} */ path) =>
    JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
  const own = read('../package.json');
  return { [own.name]: own.version, ...read('package.json').dependencies };
}
