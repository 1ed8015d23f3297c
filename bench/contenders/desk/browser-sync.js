import { program } from '../program.js';

export default {
  name: 'browser-sync',
  package: 'browser-sync',
  /** @param {string} folder @param {number} port */
  command: (folder, port) => [
    program('browser-sync', 'dist/bin.js'),
    ...['start', '--server', folder, '--files', folder, '--port', String(port)],
    '--no-open',
    '--no-ui',
  ],
};
