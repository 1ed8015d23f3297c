import { describe, expect, it, vi } from 'vitest';
import { POSITION } from '../../plugins/events/message.ts';
import { memoryStore } from '../../plugins/sse.ts';
import { visit } from '../support/event-request.ts';
import { dataOf, sent, startNews } from '../support/peers/news-page.ts';

const soon = { timeout: 20_000 };

describe('as users of sse-channel know it, a channel', () => {
  it('sends to everybody, by name and as a plain message', async () => {
    const { news, client } = await startNews();
    const clients = await Promise.all([client(), client(), client()]);
    const ids = [
      await news.publish({ data: 'no name' }),
      await news.publish({ event: 'goal', data: '2-1' }),
    ];
    const expected = [
      { id: ids[0], event: 'message', data: 'no name' },
      { id: ids[1], event: 'goal', data: '2-1' },
    ];
    for (const events of clients) await expect.poll(() => sent(events), soon).toEqual(expected);
  });

  it('sends to some', async () => {
    const { news, client } = await startNews({}, (request, reply) =>
      reply.sse(news, { state: request.url }),
    );
    const [one, two, three] = await Promise.all([client('?1'), client('?2'), client('?3')]);
    expect(news.send('for two', ({ state }) => state !== '/?2')).toBe(2);
    await news.publish({ data: 'for all' });
    await expect.poll(() => dataOf(one), soon).toEqual(['for two', 'for all']);
    await expect.poll(() => dataOf(three), soon).toEqual(['for two', 'for all']);
    await expect.poll(() => dataOf(two), soon).toEqual(['for all']);
  });

  it('tells clients how long to wait before they come back', async () => {
    const { origin } = await startNews({ retry: 4321 });
    const answer = visit(origin);
    await expect.poll(() => answer.text, soon).toMatch(/^retry: 4321\n/);
  });

  it('sends no history to a client that names no event', async () => {
    const { news, client } = await startNews();
    await news.publish({ data: 'before' });
    const events = await client();
    await news.publish({ data: 'after' });
    await expect.poll(() => dataOf(events), soon).toEqual(['after']);
  });

  it('may have a history before its first client, for those who ask for it', async () => {
    const { news, client } = await startNews({}, (_request, reply) =>
      reply.sse(news, { from: 'earliest' }),
    );
    for (const data of ['one', 'two', 'three']) await news.publish({ data });
    const events = await client();
    await expect.poll(() => dataOf(events), soon).toEqual(['one', 'two', 'three']);
  });

  // There, ids are compared as text, and nobody comes after '9'.
  it('sends 10, 11 and 12 to a client that has seen 9', async () => {
    const { news, client } = await startNews();
    const ids: string[] = [];
    for (let n = 1; n <= 12; n += 1) ids.push(await news.publish({ data: n }));
    const ninth = ids[8];
    const tenth = ids[9];
    for (const [query, header] of [
      ['', ninth],
      [`?lastEventId=${ninth}`],
      [`?evs_last_event_id=${ninth}`],
      [`?lastEventId=${ids[0]}`, ninth],
    ]) {
      const events = await client(query, header);
      await expect.poll(() => dataOf(events), soon).toEqual(['10', '11', '12']);
    }
    const events = await client('', tenth);
    await expect.poll(() => dataOf(events), soon).toEqual(['11', '12']);
  });

  it('keeps as much as it is told to, and says so to a client that asks for more', async () => {
    const { news, client } = await startNews({ store: memoryStore({ limit: 2 }) });
    const first = await news.publish({ data: 0 });
    for (let n = 1; n <= 100; n += 1) await news.publish({ data: n });
    const events = await client('', first);
    await expect.poll(() => dataOf(events).slice(-2), soon).toEqual(['99', '100']);
    expect(events[0]).toMatchObject({ event: POSITION, data: '{"recovered":false}' });
    expect(dataOf(events).length).toBeLessThan(10);
  });

  it('counts its clients', async () => {
    const { news, origin } = await startNews();
    const answers = [visit(origin), visit(origin), visit(origin)];
    await expect.poll(() => news.size, soon).toBe(3);
    answers[0]?.leave();
    await expect.poll(() => news.size, soon).toBe(2);
    for (const answer of answers) answer.leave();
    await expect.poll(() => news.size, soon).toBe(0);
  });

  it('keeps idle clients awake, with a comment and nothing else', async () => {
    const { origin } = await startNews({ heartbeatInterval: 20 });
    const answer = visit(origin);
    await expect.poll(() => answer.text, soon).toMatch(/\n\n(:\n){3}/);
  });

  it('writes data as JSON, strings as they are, and each line of them', async () => {
    const { news, client } = await startNews();
    const events = await client();
    const values = [{ n: 13.37, list: [null] }, 7, 'text', '"', 'two\nlines', '', '\r\nthree\r'];
    for (const data of values) await news.publish({ data });
    await expect
      .poll(() => dataOf(events), soon)
      .toEqual(['{"n":13.37,"list":[null]}', '7', 'text', '"', 'two\nlines', '', '\nthree\n']);
  });

  // There, it becomes an empty event.
  it('refuses an event without data', async () => {
    const { news } = await startNews();
    expect(() => news.publish(JSON.parse('{"event":"tick"}'))).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }),
    );
  });

  it('refuses an id of the app: there are no two events with the same', async () => {
    const { news } = await startNews();
    expect(() => news.publish(JSON.parse('{"id":"7","data":1}'))).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }),
    );
  });

  it('tells who comes, who goes and what is published', async () => {
    const { news, origin } = await startNews();
    const told = vi.fn();
    for (const name of ['subscribe', 'publish', 'unsubscribe'] as const) {
      news.on(name, () => told(name));
    }
    const answer = visit(origin);
    await expect.poll(() => news.size, soon).toBe(1);
    await news.publish({ data: 1 });
    answer.leave();
    await expect.poll(() => news.size, soon).toBe(0);
    expect(told.mock.calls.flat()).toEqual(['subscribe', 'publish', 'unsubscribe']);
  });
});
