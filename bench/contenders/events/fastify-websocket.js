import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { listeningApp } from '../listening-app.js';

export default {
  name: '@fastify/websocket',
  package: '@fastify/websocket',
  kind: 'websocket',
  async start() {
    const app = Fastify();
    await app.register(websocket);
    app.get('/', { websocket: true }, () => {});
    return {
      port: await listeningApp(app),
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const text of texts) {
          const bytes = Buffer.from(text);
          for (const client of app.websocketServer.clients) client.send(bytes, { binary: false });
        }
      },
      stats: () => ({ readers: app.websocketServer.clients.size }),
    };
  },
};
