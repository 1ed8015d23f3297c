// A server whose process tells what streams cost it: node --expose-gc counted-server.js
import { createServer } from 'node:http';
import { queryObjects } from 'node:v8';
import sse from 'dev-serve/sse';
import Fastify from 'fastify';

// Those that are unref'd are no resources that Node tells of.
const timer = setTimeout(() => undefined, 0);
const Timeout = timer.constructor;
clearTimeout(timer);

let bare = 0;
/** What Node itself takes of memory for a response that is open: beside it streams are measured. */
function answerBare(_request, response) {
  bare += 1;
  response.writeHead(200).flushHeaders();
}

const app = Fastify({
  serverFactory: (handler) =>
    createServer((request, response) =>
      (request.url === '/bare' ? answerBare : handler)(request, response),
    ),
});
await app.register(sse);
app.get('/events', (_request, reply) => reply.sse(app.channel('news')));
app.get('/open', () => bare + app.sse.stats().streams);
app.get('/figures', (request, reply) => {
  const timers = queryObjects(Timeout);
  const requests = queryObjects(request.constructor);
  const replies = queryObjects(reply.constructor);
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return { bytes: heapUsed + external, timers, requests, replies };
});
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
// Whoever started it may have been ended without a chance to end it.
process.stdin.resume().once('end', () => process.exit());
