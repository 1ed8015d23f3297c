// The limit of Node: a socket per reader, the bytes made once, one write per reader and event.
import { createServer } from 'node:net';
import { listening } from '../listening.js';

const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n';

export default {
  name: 'raw net',
  async start() {
    /** @type {Set<import('node:net').Socket>} */
    const sockets = new Set();
    const server = createServer({ noDelay: true }, (socket) => {
      socket.once('data', () => {
        socket.write(HEAD);
        sockets.add(socket);
      });
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
    });
    return {
      port: await listening(server),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const text of texts) {
          const chunk = Buffer.from(`data: ${text}\n\n`);
          for (const socket of sockets) socket.write(chunk);
        }
      },
      stats: () => ({ readers: sockets.size }),
    };
  },
};
