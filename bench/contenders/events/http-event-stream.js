import { createServer } from 'node:http';
import eventStream from 'http-event-stream';
import { listening } from '../listening.js';

export default {
  name: 'http-event-stream',
  package: 'http-event-stream',
  hasReplay: true,
  hasHeartbeat: true,
  async start({ history = 0, heartbeat: keepAliveInterval }) {
    const kept = [];
    const streams = new Set();
    const server = createServer((request, response) => {
      eventStream.streamEvents(request, response, {
        keepAliveInterval,
        fetch: async (lastEventId) => kept.slice(Number(lastEventId)),
        stream(stream) {
          // It sends the head with the first bytes.
          stream.sendComment('hello');
          streams.add(stream);
          return () => streams.delete(stream);
        },
      });
    });
    return {
      port: await listening(server),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const data of texts) {
          if (history > kept.length) kept.push({ id: String(kept.length + 1), data });
          for (const stream of streams) stream.sendEvent({ data });
        }
      },
      stats: () => ({ readers: streams.size, firstId: '1' }),
    };
  },
};
