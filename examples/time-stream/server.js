// npm ci && node examples/time-stream/server.js
import { setTimeout as delay } from 'node:timers/promises';
import sse from 'dev-serve/sse';
import Fastify from 'fastify';

const app = Fastify({ logger: { level: 'warn' } });
await app.register(sse);

const MISSED = 60;

// A generator makes up for what was missed and goes on from there; no log is needed for that.
app.get('/time', (_request, reply) =>
  reply.sse(async function* ({ lastEventId, signal }) {
    for (let second = firstSecond(lastEventId); ; second++) {
      const wait = second * 1000 - Date.now();
      if (wait > 0) await delay(wait, undefined, { signal });
      const data = new Date(second * 1000).toISOString();
      yield { event: 'second', id: String(second), data };
    }
  }),
);

/** The one after the last that the client has seen, not more than a minute ago. Ids may be forged. */
function firstSecond(lastEventId = '') {
  const now = Math.floor(Date.now() / 1000);
  const next = /^\d{1,12}$/.test(lastEventId) ? Number(lastEventId) + 1 : now;
  return Math.min(Math.max(next, now - MISSED), now + 1);
}

console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }));
