import { program } from '../program.js';

export default {
  name: 'servor',
  package: 'servor',
  /** @param {string} folder @param {number} port */
  command: (folder, port) => [
    program('servor', 'cli.js'),
    folder,
    'index.html',
    String(port),
    '--reload',
    '--static',
  ],
};
