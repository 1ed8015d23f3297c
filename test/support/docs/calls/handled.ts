import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { onTestFinished } from 'vitest';
import sse, { type Channel, type EventStream, type SSEOptions } from '../../../../plugins/sse.ts';
import { type ReadEventsOptions, readEvents } from '../../../../plugins/testing.ts';
import type { Run } from '../snippets.ts';

/** Runs one call of the document and checks what comes of it. */
export type Call = (run: Run) => Promise<void>;

export interface Site {
  readonly app: FastifyInstance;
  readonly news: Channel;
}

/** The app that the document takes for granted, without its routes. */
export async function newSite(options: SSEOptions = {}): Promise<Site> {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(sse, options);
  return { app, news: app.channel('news') };
}

export interface HandledOptions extends ReadEventsOptions {
  /** What the call knows besides the app, its channel, the request and the reply. */
  readonly names?: Readonly<Record<string, unknown>>;
}

/** The call is what a handler returns; resolves to a client that reads it. */
export async function handled(run: Run, { names = {}, ...request }: HandledOptions = {}) {
  const site = await newSite();
  const streams: unknown[] = [];
  site.app.all('/', async (incoming: FastifyRequest, reply: FastifyReply) => {
    const returned = run({ ...site, ...names, request: incoming, reply });
    streams.push(returned);
    return returned;
  });
  const reader = await readEvents(site.app, '/', { timeout: 20_000, ...request });
  return { ...site, reader, streams };
}

/** The handler makes a stream, which the call is about; resolves to a client that reads it. */
export async function onStream(run: Run, names: Readonly<Record<string, unknown>> = {}) {
  const site = await newSite();
  const streams: EventStream<{ user: string }>[] = [];
  site.app.get('/', (_request, reply) => {
    const stream = reply.sse(site.news, { state: { user: 'ada' } });
    streams.push(stream);
    return stream;
  });
  const reader = await readEvents(site.app, '/', { timeout: 20_000 });
  await reader.next('dev-serve:position');
  const [stream] = streams;
  if (!stream) throw new Error('the handler was not called');
  return { ...site, reader, stream, run: () => run({ ...names, stream }) };
}

/** The handler makes a stream that nothing else feeds. */
export async function onBareStream(run: Run, names: Readonly<Record<string, unknown>> = {}) {
  const { app } = await newSite();
  let returned: unknown;
  app.get('/', (_request, reply) => {
    const stream = reply.sse();
    returned = run({ ...names, stream });
    return stream;
  });
  const reader = await readEvents(app, '/', { timeout: 20_000 });
  return { reader, returned };
}
