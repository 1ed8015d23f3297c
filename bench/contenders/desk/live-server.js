import { program } from '../program.js';

export default {
  name: 'live-server',
  package: 'live-server',
  /** @param {string} folder @param {number} port */
  command: (folder, port) => [
    program('live-server', 'live-server.js'),
    folder,
    `--port=${port}`,
    '--host=127.0.0.1',
    '--no-browser',
  ],
  /** @param {number} port */
  wire: (port) => ({ url: `ws://127.0.0.1:${port}/ws`, change: /^(reload|refreshcss)$/ }),
};
