import Fastify, { type FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { assume } from '../../plugins/events/typed-events.ts';
import { certificate } from './certificate.ts';
import { type Visit, visit, visitOverHttp2 } from './event-request.ts';

/** One way on which a Fastify app speaks to the world. */
export interface FastifyKind {
  readonly name: string;
  readonly create: () => FastifyInstance;
  readonly visit: Visit;
}

/** A plugin looks the same on each of them, but for types that know which server they are on. */
const untilTestEnds = (app: object): FastifyInstance => {
  const instance = assume<FastifyInstance>(app);
  onTestFinished(() => instance.close());
  return instance;
};

export const fastifyKinds: readonly FastifyKind[] = [
  { name: 'HTTP/1.1', create: () => untilTestEnds(Fastify()), visit },
  { name: 'HTTPS', create: () => untilTestEnds(Fastify({ https: certificate })), visit },
  {
    name: 'HTTP/2 without TLS',
    create: () => untilTestEnds(Fastify({ http2: true })),
    visit: visitOverHttp2,
  },
  {
    name: 'HTTP/2 with TLS',
    create: () => untilTestEnds(Fastify({ http2: true, https: certificate })),
    visit: visitOverHttp2,
  },
  {
    name: 'HTTP/1.1 on a server of HTTP/2',
    create: () =>
      untilTestEnds(Fastify({ http2: true, https: { ...certificate, allowHTTP1: true } })),
    visit,
  },
];
