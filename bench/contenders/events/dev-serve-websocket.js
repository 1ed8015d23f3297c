import Fastify from 'fastify';
import { listeningApp } from '../listening-app.js';
import { own } from '../own-package.js';

export default {
  name: 'dev-serve websocket',
  kind: 'websocket',
  async start({ heartbeat: heartbeatInterval }) {
    const { default: sse } = await own('./sse');
    const { default: websocket } = await own('./websocket');
    const app = Fastify();
    await app.register(sse, { heartbeatInterval });
    await app.register(websocket, { path: '/', channel: 'bench' });
    const channel = app.channel('bench');
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
