// A server on a Node whose responses may not be as they are known: node unknown-node-server.js [method that does nothing]
import { ServerResponse } from 'node:http';
import Fastify from 'fastify';

const [method] = process.argv.slice(2);
if (method) ServerResponse.prototype[method] = () => {};

const { default: sse } = await import('dev-serve/sse');
const app = Fastify({ logger: true });
await app.register(sse);
app.get('/events', (_request, reply) =>
  reply.sse(async function* () {
    yield 'whole';
  }),
);
await app.listen({ port: 0, host: '127.0.0.1' });
// Whoever started it may have been ended without a chance to end it.
process.stdin.resume().once('end', () => process.exit());
