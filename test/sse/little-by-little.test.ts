import { connect } from 'node:http2';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import sse from '../../plugins/sse.ts';
import { type FastifyKind, fastifyKinds } from '../support/fastify-kinds.ts';
import { takeLittleByLittle } from '../support/little-by-little.ts';
import { rawClient } from '../support/raw-client.ts';
import { listen } from '../support/sse-app.ts';

/** What is left of it once the kernel has its part takes longer than a client may take nothing. */
const SIZE = 16 * 1024 * 1024;

/** The connection, or the stream of it, that a request is answered on. */
function get(origin: string, name: FastifyKind['name']): Readable {
  const { protocol, port } = new URL(origin);
  if (name.startsWith('HTTP/2')) {
    const session = connect(origin, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    return session.request({ ':path': '/' });
  }
  const client = rawClient(Number(port), { tls: protocol === 'https:' });
  client.send('GET / HTTP/1.1', 'Host: 127.0.0.1');
  return client.socket;
}

describe.each(fastifyKinds)('over $name', ({ name, create }) => {
  it('a client that takes a large event little by little is left alone', async () => {
    const app: FastifyInstance = create();
    await app.register(sse, { stallTimeout: 1000 });
    const channel = app.channel('news');
    app.get('/', (_request, reply) => reply.sse(channel));
    const received = takeLittleByLittle(get(await listen(app), name));
    await expect.poll(() => channel.size).toBe(1);
    await channel.publish({ data: 'x'.repeat(SIZE) });
    await expect.poll(received, { timeout: 50_000, interval: 50 }).toBeGreaterThan(SIZE);
    expect(app.sse.stats()).toMatchObject({ streams: 1, stalled: 0 });
  });
});
