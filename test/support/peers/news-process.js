// A server whose log outlives it, for a test to kill: node news-process.js <port> <path or redis URL>
import Fastify from 'fastify';
import sse from '../../../dist/plugins/sse.js';
import websocket from '../../../dist/plugins/websocket.js';

const [port, place] = process.argv.slice(2);

async function openStore() {
  if (!place.startsWith('redis:')) {
    const { durableStore } = await import('../../../dist/plugins/events/stores/durable.js');
    return durableStore({ path: place });
  }
  const { createClient } = await import('redis');
  const { redisStore } = await import('../../../dist/plugins/events/stores/redis.js');
  const client = createClient({ url: place });
  await client.connect();
  return redisStore({ client });
}

const app = Fastify();
await app.register(sse, { store: await openStore(), retry: 100 });
const news = app.channel('news');
await app.register(websocket, { path: '/events/ws', channel: 'news' });
app.get('/events', (_request, reply) => reply.sse(news));
app.post('/news', async (request) => ({ id: await news.publish(request.body) }));
app.get('/size', () => ({ size: news.size }));
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.stdout.write('listening\n');
