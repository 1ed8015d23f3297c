// Serves the channels of one store until it is killed:
// node --expose-gc event-server.js <port> <settings of the store as JSON> <options of the hub as JSON>
import { setImmediate as nextTurn } from 'node:timers/promises';
import sse, { memoryStore } from 'dev-serve/sse';
import { durableStore } from 'dev-serve/stores/durable';
import { redisStore } from 'dev-serve/stores/redis';
import websocket from 'dev-serve/websocket';
import Fastify from 'fastify';
import { addFigures } from './figures.js';

const [port, settings, hubOptions] = process.argv.slice(2);
const { kind, url, client, ...options } = JSON.parse(settings);
const stores = {
  memory: () => memoryStore(options),
  durable: () => durableStore(options),
  redis: async () => redisStore({ client: await connect(), ...options }),
};

// By default either package waits up to two seconds from one attempt to the next.
const RECONNECT_MILLISECONDS = 500;

// Only the package that is asked for: the other one takes longer to load than all the rest.
async function connect() {
  if (client === 'ioredis') {
    const { Redis } = await import('ioredis');
    const options = { retryStrategy: () => RECONNECT_MILLISECONDS };
    return new Redis(url, options).on('error', () => undefined);
  }
  const { createClient } = await import('redis');
  const socket = { reconnectStrategy: RECONNECT_MILLISECONDS };
  const connection = createClient({ url, socket }).on('error', () => undefined);
  await connection.connect();
  return connection;
}

const app = Fastify();
/** Of the first connections: a list of all would be a leak in a long run. */
const arrivals = [];
app.server.on('connection', () => {
  if (arrivals.length < 20_000) arrivals.push(performance.timeOrigin + performance.now());
});
const channelsOf = ({ params }) => params.channels.split(',').map((name) => app.channel(name));
await app.register(sse, { store: await stores[kind](), retry: 100, ...JSON.parse(hubOptions) });
await app.register(websocket, { path: '/events/:channels/ws', channel: channelsOf });
app.get('/events/:channels', (request, reply) => reply.sse(channelsOf(request)));
app.post('/channels/:name', async ({ params, body }) => ({
  id: await app.channel(params.name).publish({ data: body }),
}));
app.post('/bursts/:name', async ({ params, body: { count, size } }) => {
  const data = 'x'.repeat(size);
  for (let nth = 0; nth < count; nth += 1) {
    await app.channel(params.name).publish({ data });
    // Else all of it would be one turn of the event loop, which nobody can take part in.
    await nextTurn();
  }
  return {};
});
app.get('/arrivals', () => arrivals);
addFigures(app, () => app.sse.stats(), { websocketServer: app.websocketServer });
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.stdout.write('listening\n');
