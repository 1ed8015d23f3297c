import { readdirSync } from 'node:fs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} title
 * @property {boolean} [isQuick] whether it is for a few minutes
 * @property {() => string | undefined} [obstacle] what is missing here, and how to get it
 * @property {(context: Context) => Promise<import('../core/comparison.js').Comparison[]>} run
 */

/**
 * @typedef {object} Context
 * @property {import('../core/options.js').Options} options
 * @property {() => number} random
 * @property {(line: string) => void} tell
 */

const place = new URL('../suites/', import.meta.url);
const modules = await Promise.all(
  readdirSync(place).map((file) => import(new URL(file, place).href)),
);

/** @type {readonly Suite[]} each file of suites/ */
export const suites = modules.map((one) => one.default);
