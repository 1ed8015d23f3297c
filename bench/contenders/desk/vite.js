import { program } from '../program.js';

export default {
  name: 'Vite',
  package: 'vite',
  /** @param {string} folder @param {number} port */
  command: (folder, port) => [
    program('vite', 'bin/vite.js'),
    folder,
    '--port',
    String(port),
    '--strictPort',
    '--host',
    '127.0.0.1',
  ],
};
