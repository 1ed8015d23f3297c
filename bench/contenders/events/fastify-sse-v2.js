// It has no channels: each reader gets its own sse(), as its documents show.
import Fastify from 'fastify';
import { FastifySSEPlugin } from 'fastify-sse-v2';
import { listeningApp } from '../listening-app.js';

export default {
  name: 'fastify-sse-v2',
  package: 'fastify-sse-v2',
  async start() {
    const app = Fastify();
    await app.register(FastifySSEPlugin);
    const replies = new Set();
    app.get('/', (request, reply) => {
      // The first one is what sends the head.
      reply.sse({ comment: 'hello' });
      replies.add(reply);
      request.socket.once('close', () => replies.delete(reply));
    });
    return {
      port: await listeningApp(app),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const data of texts) for (const reply of replies) reply.sse({ data });
      },
      stats: () => ({ readers: replies.size }),
    };
  },
};
