// What our own server would be without live reload.
import { fileURLToPath } from 'node:url';

export default {
  name: 'plain @fastify/static',
  package: '@fastify/static',
  hasNoReload: true,
  /** @param {string} folder @param {number} port */
  command: (folder, port) => [
    fileURLToPath(new URL('../programs/static-server.js', import.meta.url)),
    folder,
    String(port),
  ],
};
