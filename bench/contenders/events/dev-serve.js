import { fastifyApp } from '../fastify-app.js';
import { listeningApp } from '../listening-app.js';
import { own } from '../own-package.js';

export default {
  name: 'dev-serve',
  hasIds: true,
  hasReplay: true,
  hasHeartbeat: true,
  hasLog: true,
  async start({ history, heartbeat: heartbeatInterval, isLogged }) {
    const { default: sse, memoryStore } = await own('./sse');
    const app = fastifyApp({ isLogged });
    await app.register(sse, {
      heartbeatInterval,
      ...(history && { store: memoryStore({ limit: history }) }),
    });
    let firstId;
    const channel = app.channel('bench');
    app.get('/', (_, reply) => reply.sse(channel));
    return {
      port: await listeningApp(app),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const data of texts) {
          const id = channel.publish({ data });
          firstId ??= id;
        }
      },
      stats: async () => ({ readers: channel.size, firstId: await firstId }),
    };
  },
};
