import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../plugins/events/store.ts';
import websocket from '../../plugins/websocket.ts';
import { tell } from '../support/faults/form.ts';
import { hostileIds } from '../support/faults/hostile-ids.ts';
import { canSend, openWithId, type Way, ways } from '../support/faults/open-with-id.ts';
import { seed } from '../support/random.ts';
import { epochOf } from '../support/redis-store.ts';
import { listen, sseApp } from '../support/sse-app.ts';
import { newStore, stores } from '../support/stores.ts';

const EVENTS = 5;
/** The name of a channel that clients may not read, and the beginning of what is published there. */
const [HIDDEN, SECRET] = ['hidden-room', 'hidden-data'];

/** Serves a channel `a` with events 1, 3, ... of the log; those between are hidden. */
async function serve(store: EventStore) {
  const app = await sseApp({ store });
  await app.register(websocket, { path: '/events/ws', channel: 'a' });
  app.get('/events', (_request, reply) => reply.sse(app.channel('a')));
  const url = `${await listen(app)}/events`;
  const ids = [];
  for (let n = 1; n <= EVENTS; n += 1) {
    ids.push(await app.channel('a').publish({ data: `a${n}` }));
    ids.push(await app.channel(HIDDEN).publish({ data: `${SECRET} ${n}` }));
  }
  return { channel: app.channel('a'), url, ids };
}

async function open(url: string, way: Way, id: string) {
  const opened = await openWithId(url, way, id);
  expect([101, 200]).toContain(opened.status);
  await expect.poll(() => opened.received.length, { timeout: 10_000 }).toBeGreaterThan(0);
  return opened;
}

describe.each(stores)(`E6: on a %s store, a last event id (seed ${seed})`, (kind) => {
  it.each(ways)(
    'that is hostile costs its client no more than its place ($transport, $by)',
    async (way) => {
      const { channel, url, ids } = await serve(await newStore(kind, 1000));
      const epoch = epochOf(ids.at(-1) ?? '') ?? '';
      const hostile = hostileIds(epoch).filter((id) => canSend(way, id));
      expect(hostile.length).toBeGreaterThan(30);
      const readers = await Promise.all(hostile.map((id) => open(url, way, id)));
      const next = await channel.publish({ data: 'next' });
      const { transport, by } = way;
      tell(`hostile ids, ${kind}, ${transport}, ${by}`, { seed, ids: hostile.length });
      for (const { received } of readers) {
        await expect
          .poll(() => received.at(-1))
          .toEqual({ id: next, event: 'message', data: 'next' });
        expect(received.map(({ id, data }) => [id, data])).toEqual([
          [ids.at(-1), '{"recovered":false}'],
          [next, 'next'],
        ]);
      }
    },
  );

  it.each(ways)(
    'of a channel that it may not read tells nothing of that ($transport, $by)',
    async (way) => {
      const { url, ids } = await serve(await newStore(kind, 1000));
      const answers = await Promise.all(ids.map((id) => open(url, way, id)));
      for (const [n, { status, received }] of answers.entries()) {
        // After the first and the second of the log, of which one is hidden, come the same.
        const rest = Array.from({ length: EVENTS }, (_none, m) => `a${m + 1}`).slice(1 + n / 2);
        await expect.poll(() => received.length).toBe(1 + rest.length);
        expect(received.map(({ data }) => data)).toEqual(['{"recovered":true}', ...rest]);
        // What it has sent itself, as with an event of its own.
        expect([status, received[0]?.id]).toEqual([answers[0]?.status, ids[n]]);
        expect(JSON.stringify(received)).not.toMatch(new RegExp(`${HIDDEN}|${SECRET}`));
        expect(received.slice(1).every(({ id }) => ids.indexOf(id) % 2 === 0)).toBe(true);
      }
    },
  );

  it.each(ways)(
    'of 16 KB is refused by Node itself, or is no place ($transport, $by)',
    async (way) => {
      const { url } = await serve(await newStore(kind, 1000));
      const { status } = await openWithId(url, way, 'x'.repeat(16 * 1024));
      expect(status).toBe(431);
      const length = way.by === 'query' ? 5000 : 15_000;
      const { received } = await open(url, way, 'x'.repeat(length));
      expect(received.map(({ data }) => data)).toEqual(['{"recovered":false}']);
    },
  );
});
