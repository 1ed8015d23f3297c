// What is written without a library: the response of node:http, the event made once.
import { createServer } from 'node:http';
import { listening } from '../listening.js';

export default {
  name: 'node:http',
  hasReplay: true,
  async start({ history = 0 }) {
    /** @type {Set<import('node:http').ServerResponse>} */
    const responses = new Set();
    const kept = [];
    const server = createServer((request, response) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache',
      });
      response.flushHeaders();
      const lastEventId = request.headers['last-event-id'];
      if (lastEventId) for (const event of kept.slice(Number(lastEventId))) response.write(event);
      responses.add(response);
      response.once('close', () => responses.delete(response));
    });
    return {
      port: await listening(server),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const text of texts) {
          const event = Buffer.from(`data: ${text}\n\n`);
          if (history > kept.length) kept.push(event);
          for (const response of responses) response.write(event);
        }
      },
      stats: () => ({ readers: responses.size, firstId: '1' }),
    };
  },
};
