// What is written without a library, and what a middleware does: a stream of zlib for each reader.
import { createServer } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import { listening } from '../listening.js';

export default {
  name: 'node:http, gzip each',
  async start() {
    /** @type {Set<import('node:zlib').Gzip>} */
    const streams = new Set();
    const server = createServer((_, response) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache',
        'content-encoding': 'gzip',
      });
      response.flushHeaders();
      // One job of zlib for each event: a flush() after each write() would make that two.
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
      gzip.pipe(response);
      streams.add(gzip);
      response.once('close', () => {
        streams.delete(gzip);
        gzip.destroy();
      });
    });
    return {
      port: await listening(server),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const text of texts) {
          const event = Buffer.from(`data: ${text}\n\n`);
          for (const gzip of streams) gzip.write(event);
        }
      },
      stats: () => ({ readers: streams.size }),
    };
  },
};
