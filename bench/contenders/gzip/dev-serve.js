import Fastify from 'fastify';
import { listeningApp } from '../listening-app.js';
import { own } from '../own-package.js';

export default {
  name: 'dev-serve, compressed',
  hasIds: true,
  async start() {
    const { default: sse } = await own('./sse');
    const app = Fastify();
    await app.register(sse);
    const channel = app.channel('bench', { compress: true });
    app.get('/', (_, reply) => reply.sse(channel));
    return {
      port: await listeningApp(app),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const data of texts) channel.publish({ data });
      },
      stats: () => ({ readers: channel.size }),
    };
  },
};
