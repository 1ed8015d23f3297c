// npm ci && node examples/metrics/server.js
import sse from 'dev-serve/sse';
import Fastify from 'fastify';
import { Counter, Gauge, Registry } from 'prom-client';

const app = Fastify({ logger: { level: 'warn' } });
await app.register(sse);

const news = app.channel('news');
app.get('/news', (_request, reply) => reply.sse(news));
app.post('/news', async ({ body }) => ({ id: await news.publish({ data: body }) }));

const registry = new Registry();
const figures = {
  streams: [Gauge, 'Open event streams'],
  channels: [Gauge, 'Channels that have readers'],
  publishes: [Counter, 'Events published by this process'],
  deliveries: [Counter, 'Events written to readers'],
  lost: [Counter, 'Times a reader has lost events'],
  refused: [Counter, 'Streams refused because there were too many'],
  stalled: [Counter, 'Streams broken off because their reader took nothing'],
  bytes: [Counter, 'Bytes written to readers'],
};
for (const [figure, [Metric, help]] of Object.entries(figures)) {
  new Metric({
    name: `sse_${figure}${Metric === Counter ? '_total' : ''}`,
    help,
    registers: [registry],
    // Asked for when Prometheus asks: what happens in between costs nothing.
    collect() {
      this.reset();
      this.inc(app.sse.stats()[figure]);
    },
  });
}
app.get('/metrics', async (_request, reply) =>
  reply.type(registry.contentType).send(await registry.metrics()),
);

console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }));
