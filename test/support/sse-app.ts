import Fastify, { type FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import sse, { type SSEOptions } from '../../plugins/sse.ts';

/** A Fastify app with the sse plugin, closed when the test is done. */
export async function sseApp(options: SSEOptions = {}): Promise<FastifyInstance> {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(sse, options);
  return app;
}

/** Listens on a free port of the loopback interface and resolves to the origin. */
export function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ port: 0, host: '127.0.0.1' });
}
