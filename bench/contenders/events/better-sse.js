import { createServer } from 'node:http';
import { createChannel, createSession } from 'better-sse';
import { listening } from '../listening.js';

export default {
  name: 'better-sse',
  package: 'better-sse',
  hasReplay: true,
  hasHeartbeat: true,
  async start({ history = 0, heartbeat, isByDefault = false }) {
    const channel = createChannel();
    // It keeps no events itself: the app does, and sends what was missed as one batch.
    const kept = [];
    // The text as it is, as others write it: by default each session makes JSON of it.
    const serializer = isByDefault ? undefined : String;
    const options = {
      ...(serializer && { serializer }),
      ...(heartbeat && { keepAlive: heartbeat }),
    };
    const server = createServer(async (request, response) => {
      const session = await createSession(request, response, options);
      if (session.lastId !== '') {
        const after = kept.findIndex(({ id }) => id === session.lastId) + 1;
        await session.batch((buffer) => {
          for (const { id, text } of kept.slice(after)) buffer.push(text, 'message', id);
        });
      }
      channel.register(session);
    });
    return {
      port: await listening(server),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const text of texts) {
          if (history > kept.length) kept.push({ id: String(kept.length + 1), text });
          channel.broadcast(text, 'message');
        }
      },
      stats: () => ({ readers: channel.sessionCount, firstId: kept[0]?.id }),
    };
  },
};
