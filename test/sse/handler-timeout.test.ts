import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import sse, { type EventStream } from '../../plugins/sse.ts';
import { expectedWay, takeWay, wayOf } from '../support/direct.ts';
import { visit } from '../support/event-request.ts';
import { listen } from '../support/sse-app.ts';

const never = new Promise<never>(() => {});

/** Its handlers have this time, in milliseconds, unless their routes have one of their own. */
async function serve(handlerTimeout: number | undefined, isEarly: boolean) {
  const app = Fastify({ ...(handlerTimeout && { handlerTimeout }) });
  onTestFinished(() => app.close());
  const registered = app.register(sse);
  if (!isEarly) await registered;
  const streams: EventStream[] = [];
  const own = handlerTimeout ? {} : { handlerTimeout: 50 };
  app.get('/', own, (_request, reply) => {
    const stream = reply.sse(app.channel('news'));
    streams.push(stream);
    return stream;
  });
  app.get('/slow', own, async (_request, reply) => {
    reply.sse(app.channel('news'));
    return never;
  });
  const origin = await listen(app);
  return { channel: app.channel('news'), streams, origin };
}

describe.each([
  { way: 'direct', of: 'the app', handlerTimeout: 50, isEarly: false },
  { way: 'piped', of: 'the app', handlerTimeout: 50, isEarly: false },
  { way: 'direct', of: 'its route', handlerTimeout: undefined, isEarly: false },
  { way: 'direct', of: 'the app, of an early route', handlerTimeout: 50, isEarly: true },
] as const)('a stream that is $way, with a handlerTimeout of $of', (row) => {
  takeWay(row.way);

  it('outlives it once it has been returned', async () => {
    const { channel, streams, origin } = await serve(row.handlerTimeout, row.isEarly);
    const answer = visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    expect(wayOf(streams[0] ?? expect.fail())).toBe(expectedWay(row.way));
    // One that began later has run out of time by now.
    expect((await fetch(`${origin}/slow`)).status).toBe(503);
    await channel.publish({ data: 'still there' });
    await expect.poll(() => answer.text).toContain('still there');
    expect(answer.ended).toBe(false);
  });
});

it('tells of a Fastify that does not tell of its timer', async () => {
  const lines: string[] = [];
  const app = Fastify({
    handlerTimeout: 200,
    logger: { level: 'warn', stream: { write: (line) => void lines.push(line) } },
  });
  onTestFinished(() => app.close());
  await app.register(sse);
  app.get('/', (_request, reply) => reply.sse(app.channel('news')));
  app.addHook('preHandler', async (request) => {
    const fields = Object.getOwnPropertySymbols(request);
    const field = fields.find(({ description }) => description === 'fastify.request.timeoutTimer');
    Reflect.deleteProperty(request, field ?? expect.fail());
  });
  const origin = await listen(app);
  for (const answer of [visit(origin), visit(origin)]) {
    await expect.poll(() => answer.closed).toBe(true);
  }
  const told = lines.filter((line) => line.includes('handlerTimeout ends event streams'));
  expect(told).toHaveLength(1);
});
