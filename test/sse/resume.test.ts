import { once } from 'node:events';
import { get } from 'node:http';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { listen, sseApp } from '../support/sse-app.ts';

async function newsApp(limit = 1000): Promise<FastifyInstance> {
  const app = await sseApp({ store: memoryStore({ limit }) });
  app.get('/news', (_request, reply) => reply.sse(app.channel('news')));
  return app;
}

/** The first `count` events of a new connection. */
async function read(
  url: string,
  count: number,
  headers: Record<string, string> = {},
): Promise<EventSourceMessage[]> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const request = get(url, { agent: false, headers });
  request.on('error', () => {});
  const [response] = await once(request, 'response');
  response.setEncoding('utf8').on('data', (chunk: string) => parser.feed(chunk));
  await expect.poll(() => events.length).toBeGreaterThanOrEqual(count);
  request.destroy();
  return events;
}

describe('a reader that comes back', () => {
  const names = ['lastEventId', 'last_event_id', 'evs_last_event_id'];
  const forms = [
    {
      form: 'the header',
      resume: (id: string) => ({ query: '', headers: { 'last-event-id': id } }),
    },
    ...names.map((name) => ({
      form: `the query ${name}`,
      resume: (id: string) => ({ query: `?${name}=${id}`, headers: {} }),
    })),
    {
      form: 'the header, whatever the query says',
      resume: (id: string) => ({ query: '?lastEventId=x-1', headers: { 'last-event-id': id } }),
    },
  ];
  it.each(forms)('resumes after the id it names in $form', async ({ resume }) => {
    const app = await newsApp();
    const url = `${await listen(app)}/news`;
    const channel = app.channel('news');
    const first = await channel.publish({ data: 'a' });
    const second = await channel.publish({ data: 'b' });
    const { query, headers } = resume(first);
    expect(await read(url + query, 2, headers)).toEqual([
      { id: first, event: 'dev-serve:position', data: '{"recovered":true}' },
      { id: second, event: undefined, data: 'b' },
    ]);
  });

  it('after more than is kept is told so, and gets all that is kept', async () => {
    const app = await newsApp(3);
    const url = `${await listen(app)}/news`;
    const channel = app.channel('news');
    const first = await channel.publish({ data: 1 });
    for (let n = 2; n <= 300; n += 1) await channel.publish({ data: n });
    const [epoch] = first.split('-');
    const events = await read(url, 4, { 'last-event-id': first });
    expect(events.slice(0, 2)).toEqual([
      { id: `${epoch}-297`, event: 'dev-serve:position', data: '{"recovered":false}' },
      { id: `${epoch}-298`, event: undefined, data: '298' },
    ]);
  });

  it.each([
    ['nothing of ours', 'hello'],
    ['the future', '9007199254740991'],
    ['a number that is none', '99999999999999999999'],
    ['a script', "';DROP--<script>"],
    ['16 KB', 'x'.repeat(15_000)],
    ['non-ASCII', 'caf\u00e9-1'],
    ['another log', 'zzzz-1'],
    ['a negative number', '-1'],
  ])('with %s as its id is told of the loss and put at the head', async (_name, id) => {
    const app = await newsApp();
    const url = `${await listen(app)}/news`;
    const head = await app.channel('news').publish({ data: 'a' });
    const [event] = await read(url, 1, { 'last-event-id': id });
    expect(event).toEqual({ id: head, event: 'dev-serve:position', data: '{"recovered":false}' });
  });

  it('without an id starts at the head, with a position before any event', async () => {
    const app = await newsApp();
    const url = `${await listen(app)}/news`;
    const head = await app.channel('news').publish({ data: 'old' });
    expect(await read(url, 1)).toEqual([
      { id: head, event: 'dev-serve:position', data: '{"recovered":true}' },
    ]);
  });
});
