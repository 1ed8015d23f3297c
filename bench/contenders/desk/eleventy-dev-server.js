import { program } from '../program.js';

export default {
  name: 'eleventy',
  package: '@11ty/eleventy-dev-server',
  /** @param {string} folder @param {number} port */
  command: (folder, port) => [
    program('@11ty/eleventy-dev-server', 'cmd.js'),
    `--dir=${folder}`,
    `--port=${port}`,
  ],
  /** @param {number} port */
  wire: (port) => ({ url: `ws://localhost:${port}/`, change: /"type":"eleventy\.reload"/ }),
};
