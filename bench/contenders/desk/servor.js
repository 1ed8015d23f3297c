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
  /** @param {number} port */
  wire: (port) => ({ url: `http://localhost:${port}/livereload`, change: /^data: reload/ }),
};
