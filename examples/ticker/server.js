// npm ci && node examples/ticker/server.js
import sse from 'dev-serve/sse';
import Fastify from 'fastify';

const app = Fastify({ logger: { level: 'warn' } });
await app.register(sse);

const ticker = app.channel('ticker');
const subscribers = (name) => ticker.streams.filter(({ state }) => state.name === name);

// One channel, any number of subscribers.
let price = 100;
setInterval(() => {
  price = Math.max(1, price + Math.round(Math.random() * 10 - 5));
  ticker.publish({ event: 'tick', data: { price } }).catch((error) => app.log.error(error));
}, 1000).unref();

const named = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1 } },
};

app.get('/ticks', { schema: { querystring: named } }, ({ query }, reply) =>
  reply.sse(ticker, { state: { name: query.name } }),
);

app.get('/subscribers', () => ticker.streams.map(({ state }) => state.name));

// To one of them: an event of its own, which is in no log.
app.post('/subscribers/:name/notes', ({ params, body }) => ({
  reached: ticker.send({ event: 'note', data: body }, ({ state }) => state.name === params.name),
}));

// One of them is told to leave and not to come back.
app.delete('/subscribers/:name', ({ params }) => {
  const streams = subscribers(params.name);
  for (const stream of streams) stream.evict();
  return { evicted: streams.length };
});

console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }));
