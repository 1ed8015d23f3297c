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
  /** @param {number} port */
  wire: async (port) => {
    const client = await (await fetch(`http://127.0.0.1:${port}/@vite/client`)).text();
    const [, token] = /wsToken = "([^"]+)"/.exec(client) ?? [];
    const url = `ws://127.0.0.1:${port}/?token=${token}`;
    return { url, protocol: 'vite-hmr', change: /"type":"(full-reload|update)"/ };
  },
};
