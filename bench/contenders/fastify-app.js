import { Writable } from 'node:stream';
import Fastify from 'fastify';

/**
 * @param {object} settings
 * @param {boolean} [settings.isLogged] whether it logs its requests, which keeps them for as long as they last
 */
export function fastifyApp({ isLogged = false }) {
  if (!isLogged) return Fastify();
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const app = Fastify({ logger: { stream } });
  app.addHook('onResponse', async () => {});
  return app;
}
