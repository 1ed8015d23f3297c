// npm ci && node examples/job-progress/server.js
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import sse from 'dev-serve/sse';
import Fastify from 'fastify';

const app = Fastify({ logger: { level: 'warn' } });
await app.register(sse);

const STEPS = 20;
const STEP = Number(process.env.STEP ?? 200);
const KEPT = 10 * 60_000;
const jobs = new Map();

app.post('/jobs', (_request, reply) => {
  const id = randomUUID();
  const job = app.channel(`job ${id}`);
  jobs.set(id, job);
  run(job)
    .catch((error) => app.log.error(error))
    .finally(() => setTimeout(() => jobs.delete(id), KEPT).unref());
  return reply.code(202).header('location', `/jobs/${id}`).send({ id });
});

// From the start, so that a page that is reloaded shows how far it is, or that it is done.
app.get('/jobs/:id', ({ params }, reply) => {
  const job = jobs.get(params.id);
  return job ? reply.sse(job, { from: 'earliest' }) : reply.callNotFound();
});

app.get('/', (_request, reply) =>
  reply.type('text/html').send(createReadStream(join(import.meta.dirname, 'index.html'))),
);

/** Work that takes a while. */
async function run(job) {
  for (let step = 1; step <= STEPS; step++) {
    await delay(STEP);
    await job.publish({ event: 'progress', data: { step, of: STEPS } });
  }
  await job.publish({ event: 'done', data: { result: `${STEPS} steps` } });
}

console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }));
