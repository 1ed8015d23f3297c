import { ownProgram } from '../own-package.js';

const PLAIN = ['--no-config', '--strict-port'];

export default {
  name: 'dev-serve',
  /** @param {string} folder @param {number} port */
  command: (folder, port) => [ownProgram, folder, ...PLAIN, '--port', String(port)],
  /** @param {number} port */
  wire: (port) => ({ url: `http://localhost:${port}/events`, change: /^data: .*"operation"/ }),
};
