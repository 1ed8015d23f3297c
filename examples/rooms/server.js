// npm ci && node examples/rooms/server.js
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sse from 'dev-serve/sse';
import Fastify from 'fastify';
import { openStore } from './store.js';

const app = Fastify({
  logger: { level: 'warn' },
  // While the server closes: an EventSource that is answered with 503 would never come back.
  return503OnClosing: false,
});
const { store, close } = await openStore(app.log);
await app.register(sse, { store });
app.addHook('onClose', close);

const room = { type: 'string', minLength: 1, maxLength: 40, pattern: '^[^\\p{Cc}\\p{Cs}]+$' };
const text = { type: 'string', minLength: 1, maxLength: 2000, pattern: '\\S' };

app.post(
  '/messages',
  { schema: { body: { type: 'object', required: ['room', 'text'], properties: { room, text } } } },
  async ({ body }, reply) => {
    const data = { text: body.text, at: Date.now() };
    const id = await app.channel(body.room).publish({ data });
    return reply.code(201).send({ id });
  },
);

app.get(
  '/messages',
  { schema: { querystring: { type: 'object', required: ['room'], properties: { room } } } },
  // Who comes for the first time gets what is kept, who comes back gets what was missed.
  ({ query }, reply) => reply.sse(app.channel(query.room), { from: 'earliest' }),
);

app.get('/', (_request, reply) =>
  reply.type('text/html').send(createReadStream(join(import.meta.dirname, 'index.html'))),
);
app.get('/client.js', (_request, reply) => {
  const client = fileURLToPath(import.meta.resolve('dev-serve/client'));
  return reply.type('text/javascript').send(createReadStream(client));
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close());
console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }));
