import { PassThrough } from 'node:stream';
import compress from '@fastify/compress';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import sse, { type EventStream } from '../../plugins/sse.ts';
import { expectedWay, type Way, wayOf } from '../support/direct.ts';
import { visit } from '../support/event-request.ts';
import { listen } from '../support/sse-app.ts';

const BODY = 'retry: 1000\ndata: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\n';

interface Row {
  readonly name: string;
  readonly way: Way;
  /** Before the plugin is registered. */
  readonly before?: (app: FastifyInstance) => unknown;
  /** Whether the route is there before the plugin as well. */
  readonly isEarly?: boolean;
  /** After it, and before the route is. */
  readonly prepare?: (app: FastifyInstance) => unknown;
  /** What the handler returns. */
  readonly handle?: (stream: EventStream, reply: FastifyReply) => unknown;
  readonly request?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** What the head has to say. */
  readonly head?: Readonly<Record<string, unknown>>;
}

/** Puts a function of the app's own in the place of one of the response's, which it calls. */
const replace = (app: FastifyInstance, name: 'write' | 'writeHead' | 'end') => {
  app.addHook('onRequest', async (_request, { raw }) => {
    const own: unknown = Reflect.get(raw, name);
    const replacement = (...parameters: unknown[]) =>
      typeof own === 'function' ? own.apply(raw, parameters) : undefined;
    Reflect.set(raw, name, replacement);
  });
};

const rows: readonly Row[] = [
  { name: 'nothing in between', way: 'direct' },
  { name: 'a client that asks to close', way: 'direct', request: { connection: 'close' } },
  {
    name: 'hooks that set headers and cookies, later than others',
    way: 'direct',
    prepare(app) {
      app.addHook('onSend', async (_request, reply) => {
        await new Promise(setImmediate);
        reply.header('set-cookie', ['a=1', 'b=2']);
        reply.header('x-hook', 'of the app');
        reply.raw.setHeader('x-raw', 'from the hook');
      });
    },
    handle(stream, reply) {
      reply.raw.setHeader('x-raw-too', ['1', '2']);
      return reply.header('x-own', 7).header('set-cookie', 'c=3').send(stream);
    },
    head: {
      'set-cookie': ['c=3', 'a=1', 'b=2'],
      'x-hook': 'of the app',
      'x-raw': 'from the hook',
      'x-raw-too': '1, 2',
      'x-own': '7',
    },
  },
  {
    name: '@fastify/compress in front, which leaves it alone',
    way: 'direct',
    before: (app) => app.register(compress, { global: true, threshold: 0 }),
    request: { 'accept-encoding': 'gzip' },
  },
  {
    name: '@fastify/compress behind',
    way: 'direct',
    prepare: (app) => app.register(compress, { global: true, threshold: 0 }),
    request: { 'accept-encoding': 'gzip' },
  },
  {
    name: 'a hook that hands on the same stream',
    way: 'direct',
    prepare: (app) => app.addHook('onSend', async (_request, _reply, payload) => payload),
  },
  {
    name: 'a hook that wraps the stream',
    way: 'piped',
    prepare(app) {
      app.addHook('onSend', async (_request: FastifyRequest, _reply, payload: EventStream) =>
        payload.pipe(new PassThrough()),
      );
    },
  },
  {
    name: 'a hook of a route that comes behind',
    way: 'direct',
    prepare(app) {
      app.addHook('onRoute', (route) => {
        const send = async (_request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
          reply.header('x-behind', 'said');
          return payload;
        };
        route.onSend = [route.onSend ?? [], send].flat();
      });
    },
    head: { 'x-behind': 'said' },
  },
  { name: 'a route from before the plugin', way: 'direct', isEarly: true },
  {
    name: 'a response that is corked for a while',
    way: 'piped',
    handle(stream, { raw }) {
      raw.cork();
      setImmediate(() => raw.uncork());
      return stream;
    },
  },
  {
    name: 'a content-length',
    way: 'piped',
    handle: (stream, reply) => reply.header('content-length', BODY.length).send(stream),
    head: { 'content-length': String(BODY.length) },
  },
  {
    name: 'a content-length past Fastify',
    way: 'piped',
    handle(stream, { raw }) {
      raw.setHeader('Content-Length', BODY.length);
      return stream;
    },
    head: { 'content-length': String(BODY.length) },
  },
  {
    name: 'a length that Node knows of, and no header does',
    way: 'piped',
    handle(stream, { raw }) {
      Reflect.set(raw, '_contentLength', BODY.length);
      return stream;
    },
    head: { 'content-length': String(BODY.length) },
  },
  {
    name: 'a transfer-encoding',
    way: 'piped',
    handle: (stream, reply) => reply.header('transfer-encoding', 'chunked').send(stream),
    head: { 'transfer-encoding': 'chunked' },
  },
  {
    name: 'no transfer-encoding at all',
    way: 'piped',
    handle(stream, { raw }) {
      raw.removeHeader('transfer-encoding');
      return stream;
    },
  },
  {
    name: 'a trailer',
    way: 'piped',
    handle: (stream, reply) => reply.trailer('x-count', async () => '4').send(stream),
    head: { trailer: 'x-count' },
  },
  {
    name: 'a status of its own',
    way: 'piped',
    handle: (stream, reply) => reply.code(202).send(stream),
    status: 202,
  },
  ...(['write', 'writeHead', 'end'] as const).map(
    (name): Row => ({
      name: `a ${name}() of somebody else's`,
      way: 'piped',
      prepare: (app) => replace(app, name),
    }),
  ),
  {
    name: 'somebody who listens to its data',
    way: 'piped',
    handle: (stream) => stream.on('data', () => {}),
  },
  {
    name: 'somebody who reads it',
    way: 'piped',
    handle: (stream) =>
      stream.on('readable', () => {
        while (stream.read() !== null);
      }),
  },
  {
    name: 'somebody else it is piped to',
    way: 'piped',
    handle(stream) {
      stream.pipe(new PassThrough().resume());
      return stream;
    },
  },
];

/** Four events: one before the handler returns, one by itself, two in one turn. Then it ends. */
async function open(row: Row) {
  const app = Fastify();
  onTestFinished(() => app.close());
  const streams: EventStream[] = [];
  const onResponse = vi.fn();
  app.addHook('onResponse', async () => onResponse());
  const route = () => {
    app.get('/', (_request, reply) => {
      const stream = reply.sse();
      streams.push(stream);
      stream.send('0');
      return row.handle?.(stream, reply) ?? stream;
    });
  };
  await row.before?.(app);
  if (row.isEarly) route();
  await app.register(sse);
  await row.prepare?.(app);
  if (!row.isEarly) route();
  const answer = visit(await listen(app), { headers: { ...row.request } });
  await expect.poll(() => answer.text).toContain('data: 0\n');
  const [stream = expect.fail()] = streams;
  return { answer, stream, onResponse };
}

describe.each(rows)('a stream with $name', (row) => {
  it(`is ${row.way}, and its client gets head, events and end`, async () => {
    const { answer, stream, onResponse } = await open(row);
    expect(answer.status).toBe(row.status ?? 200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      ...row.head,
    });
    expect(wayOf(stream)).toBe(expectedWay(row.way));
    stream.send('1');
    await expect.poll(() => answer.text).toContain('data: 1\n');
    stream.send('2');
    stream.send('3');
    stream.close();
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer.text).toBe(BODY);
    await expect.poll(() => onResponse.mock.calls.length).toBe(1);
    await expect.poll(() => stream.closed).toBe(true);
  });
});
