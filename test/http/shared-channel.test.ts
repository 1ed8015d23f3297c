import { expect, it } from 'vitest';
import { createEventHub, eventStream, memoryStore } from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { visit } from '../support/event-request.ts';
import { serve, serverKinds } from '../support/http-servers.ts';
import { listen, sseApp } from '../support/sse-app.ts';

it('one channel is read through a Fastify app and through every other server', async () => {
  const app = await sseApp();
  const news = app.channel('news');
  app.get('/', (_request, reply) => reply.sse(news));
  const answers = [visit(await listen(app))];
  for (const kind of serverKinds) {
    const origin = await serve(kind, (request, response) => eventStream(request, response, news));
    answers.push(kind.visit(origin));
  }
  await expect.poll(() => news.size).toBe(answers.length);
  const id = await news.publish({ data: 'to all' });
  await expect
    .poll(() => answers.filter(({ text }) => text.includes(`data: to all\nid: ${id}\n\n`)).length)
    .toBe(answers.length);
  expect(app.sse.stats()).toMatchObject({ streams: answers.length, publishes: 1 });
  await app.close();
  await expect.poll(() => answers.every(({ ended }) => ended)).toBe(true);
});

it('hubs of one store are two nodes: what is published on one is read on the other', async () => {
  const store = memoryStore();
  const [here, there] = [newHub({ store }), newHub({ store })];
  const kind = serverKinds[0] ?? expect.fail();
  const origin = await serve(kind, (request, response) =>
    eventStream(request, response, here.channel('news')),
  );
  const answer = kind.visit(origin);
  await expect.poll(() => answer.text).toContain('position');
  await there.channel('news').publish({ data: 'from there' });
  await expect.poll(() => answer.text).toContain('data: from there\n');
});

it('createEventHub() makes a hub with channels, figures and an end', async () => {
  const events = createEventHub({ retry: 250 });
  expect(events.channel('news')).toBe(events.channel('news'));
  await events.channel('news').publish({ data: 1 });
  expect(events.stats()).toMatchObject({ streams: 0, publishes: 1 });
  await events.close();
  const late = events.channel('news').publish({ data: 2 });
  await expect(late).rejects.toMatchObject({ code: 'DEV_SERVE_ERR_STORE_CLOSED' });
  expect(() => Reflect.apply(createEventHub, undefined, [{ stores: 1 }])).toThrow(
    expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_OPTION' }),
  );
});
