// It has no channels: each reader gets its own send(), as its documents show.
import sse from '@fastify/sse';
import { fastifyApp } from '../fastify-app.js';
import { listeningApp } from '../listening-app.js';

export default {
  name: '@fastify/sse',
  package: '@fastify/sse',
  hasReplay: true,
  hasHeartbeat: true,
  hasLog: true,
  async start({ history = 0, heartbeat: heartbeatInterval, isLogged, isByDefault = false }) {
    const app = fastifyApp({ isLogged });
    // The text as it is, as others write it: by default each reply makes JSON of it.
    const serializer = isByDefault ? undefined : String;
    await app.register(sse, { heartbeatInterval, ...(serializer && { serializer }) });
    // It keeps no events itself: the app does, and replay() calls it.
    const kept = [];
    /** @type {Set<any>} */
    const replies = new Set();
    app.get('/', { sse: true }, async (_, reply) => {
      reply.sse.keepAlive();
      reply.sse.sendHeaders();
      reply.raw.flushHeaders();
      await reply.sse.replay(async (lastEventId) => {
        const after = kept.findIndex(({ id }) => id === lastEventId) + 1;
        for (const event of kept.slice(after)) await reply.sse.send(event);
      });
      replies.add(reply.sse);
      reply.sse.onClose(() => replies.delete(reply.sse));
    });
    return {
      port: await listeningApp(app),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const data of texts) {
          if (history > kept.length) kept.push({ id: String(kept.length + 1), data });
          // Not awaited: all would wait for the slowest. One that fails has left.
          for (const reply of replies) reply.send({ data });
        }
      },
      stats: () => ({ readers: replies.size, firstId: kept[0]?.id }),
    };
  },
};
