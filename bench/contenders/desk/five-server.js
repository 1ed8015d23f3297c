import { program } from '../program.js';

export default {
  name: 'five-server',
  package: 'five-server',
  /** @param {string} _ it serves where it is started @param {number} port */
  command: (_, port) => [
    program('five-server', 'lib/bin.js'),
    '.',
    `--port=${port}`,
    '--host=127.0.0.1',
    '--open=false',
  ],
};
