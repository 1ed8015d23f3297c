import { readdirSync } from 'node:fs';

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} url of its module
 * @property {string} [package] whose version is in the result
 * @property {'sse' | 'websocket'} [kind] of its connections; without it: sse
 * @property {boolean} [isVariant] whether it is another one, used in another way
 * @property {boolean} [hasIds] whether its ids are checked: one more for each event
 * @property {boolean} [hasReplay] whether it takes `{ history }`, and `stats()` tells a `firstId`
 * @property {boolean} [hasLog] whether it takes `{ isLogged }`, for an app that logs its requests
 * @property {boolean} [hasHeartbeat] whether it takes `{ heartbeat }`, in milliseconds
 */

/**
 * @overload
 * @param {'events'} folder
 * @returns {Promise<Contender[]>}
 */
/**
 * @overload
 * @param {'desk'} folder
 * @returns {Promise<import('./desk-server.js').DeskContender[]>}
 */
/**
 * Each file of a folder of contenders/, in its own words.
 * @param {'events' | 'desk'} folder
 * @returns {Promise<any[]>}
 */
export async function contendersIn(folder) {
  const place = new URL(`../contenders/${folder}/`, import.meta.url);
  const urls = readdirSync(place).map((file) => new URL(file, place).href);
  const modules = await Promise.all(urls.map((url) => import(url)));
  return modules.map(({ default: contender }, index) => ({ ...contender, url: urls[index] ?? '' }));
}

/**
 * Those of events that a suite is about and that were asked for.
 * @param {import('./suites.js').Context} context
 * @param {object} which
 * @param {(contender: Contender) => boolean} which.suits
 * @param {readonly string[] | undefined} [which.always] names that are needed whatever was asked for
 * @param {boolean | undefined} [which.hasVariants] whether a library is there in each way it is used
 */
export async function eventContenders({ options }, { suits, always = [], hasVariants = false }) {
  const isAsked = (/** @type {string} */ name) =>
    options.contenders?.includes(name) !== false || always.includes(name);
  return (await contendersIn('events')).filter(
    (one) => suits(one) && isAsked(one.name) && (hasVariants || !one.isVariant),
  );
}
