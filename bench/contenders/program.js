import { fileURLToPath } from 'node:url';

/**
 * @param {string} name of a package
 * @param {string} file of it that is run
 */
export function program(name, file) {
  return fileURLToPath(new URL(`../node_modules/${name}/${file}`, import.meta.url));
}
