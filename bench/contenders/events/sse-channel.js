import { createServer } from 'node:http';
import SseChannel from 'sse-channel';
import { listening } from '../listening.js';

export default {
  name: 'sse-channel',
  package: 'sse-channel',
  hasReplay: true,
  hasHeartbeat: true,
  async start({ history, heartbeat: pingInterval }) {
    const channel = new SseChannel({
      ...(history && { historySize: history }),
      ...(pingInterval && { pingInterval }),
    });
    let count = 0;
    const server = createServer((request, response) => channel.addClient(request, response));
    return {
      port: await listening(server),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const data of texts) {
          count += 1;
          channel.send(history ? { id: String(count), data } : data);
        }
      },
      stats: () => ({ readers: channel.getConnectionCount(), firstId: '1' }),
    };
  },
};
