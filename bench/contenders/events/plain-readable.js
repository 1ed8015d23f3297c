// What Fastify can do by itself: the handler returns a Readable, and each event is pushed to each.
import { Readable } from 'node:stream';
import { fastifyApp } from '../fastify-app.js';
import { listeningApp } from '../listening-app.js';

export default {
  name: 'plain Readable',
  hasReplay: true,
  hasLog: true,
  async start({ history = 0, isLogged }) {
    const app = fastifyApp({ isLogged });
    const kept = [];
    /** @type {Set<Readable>} */
    const streams = new Set();
    app.get('/', (request, reply) => {
      const stream = new Readable({ read() {} });
      // The first bytes are what sends the head.
      stream.push(':\n\n');
      const lastEventId = request.headers['last-event-id'];
      if (lastEventId) for (const event of kept.slice(Number(lastEventId))) stream.push(event);
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      return reply.type('text/event-stream').send(stream);
    });
    return {
      port: await listeningApp(app),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const text of texts) {
          const event = Buffer.from(`data: ${text}\n\n`);
          if (history > kept.length) kept.push(event);
          for (const stream of streams) stream.push(event);
        }
      },
      stats: () => ({ readers: streams.size, firstId: '1' }),
    };
  },
};
