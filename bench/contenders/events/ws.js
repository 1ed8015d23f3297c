import { WebSocketServer } from 'ws';

export default {
  name: 'ws',
  package: 'ws',
  kind: 'websocket',
  async start() {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4096 });
    await new Promise((resolve) => server.once('listening', resolve));
    return {
      port: server.address().port,
      /** @param {readonly string[]} texts */
      publish(texts) {
        for (const text of texts) {
          // As in its "Server broadcast": else each client has the text encoded anew.
          const bytes = Buffer.from(text);
          for (const client of server.clients) client.send(bytes, { binary: false });
        }
      },
      stats: () => ({ readers: server.clients.size }),
    };
  },
};
