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
  /** @param {number} port It speaks Socket.IO, whose "40" joins a namespace. */
  wire: (port) => ({
    url: `ws://localhost:${port}/browser-sync/socket.io/?EIO=4&transport=websocket`,
    greeting: '40/browser-sync,',
    change: /^42\/browser-sync,\["(file:reload|browser:reload)"/,
  }),
};
