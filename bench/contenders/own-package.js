import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const { exports: entries, bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** The program of the package, as it is built. */
export const ownProgram = fileURLToPath(new URL(bin['dev-serve'], root));

/**
 * A module of the package as it is built, by the entry that its users import. A dependency
 * `file:..` would have npm write into the node_modules of the package itself.
 * @param {string} entry such as `./sse`
 * @returns {Promise<any>}
 */
export function own(entry) {
  return import(new URL(entries[entry].default, root).href);
}
