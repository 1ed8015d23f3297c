import { once } from 'node:events';
import { connect } from 'node:http2';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import sse from '../../plugins/sse.ts';

it('a stream over HTTP/2 carries events, is let go with its client, and ends with the server', async () => {
  const app = Fastify({ http2: true });
  onTestFinished(() => app.close());
  await app.register(sse, { retry: 250 });
  const channel = app.channel('news');
  app.get('/', (_request, reply) => reply.sse(channel));
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
  onTestFinished(() => session.destroy());

  const [leaving, staying] = [session.request({ ':path': '/' }), session.request({ ':path': '/' })];
  let text = '';
  staying.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  leaving.resume();
  await expect.poll(() => channel.size).toBe(2);
  leaving.close();
  await expect.poll(() => channel.size).toBe(1);
  const id = await channel.publish({ data: 'over two' });
  await expect.poll(() => text).toContain(`data: over two\nid: ${id}\n\n`);
  const ended = once(staying, 'end');
  const closing = app.close();
  await ended;
  // Fastify waits for the sessions of clients, whether or not they have streams.
  session.destroy();
  await closing;
});
