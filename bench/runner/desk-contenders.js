import { contendersIn } from './contenders.js';

/**
 * Those of the desk that were asked for.
 * @param {import('./suites.js').Context} context
 * @param {readonly string[]} [always] names that are needed whatever was asked for
 */
export async function deskContenders({ options }, always = []) {
  const isAsked = (/** @type {string} */ name) =>
    options.contenders?.includes(name) !== false || always.includes(name);
  return (await contendersIn('desk')).filter(({ name }) => isAsked(name));
}
