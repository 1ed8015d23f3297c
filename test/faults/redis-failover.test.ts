import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventStore } from '../../plugins/events/store.ts';
import websocket from '../../plugins/websocket.ts';
import { ErraticClient } from '../support/erratic-client.ts';
import { openSSE, openWebSocket } from '../support/event-reader.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { Journal } from '../support/faults/journal.ts';
import { startLoad, startNodes } from '../support/faults/nodes.ts';
import { expectRecovery } from '../support/faults/recovery.ts';
import { seed } from '../support/random.ts';
import { RedisPair } from '../support/redis-pair.ts';
import { hasRedis } from '../support/redis-server.ts';
import { epochOf, openAdmin, openStore } from '../support/redis-store.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const soon = { timeout: 20_000, interval: 20 };
/** Events of each publisher before it, and again after it. */
const EVENTS = inForm(20, 1000);
const patience = { timeout: inForm(60_000, 240_000) };
const long = { timeout: inForm(90_000, 600_000) };

describe.skipIf(!hasRedis)(`a failover of Redis (seed ${seed})`, long, () => {
  it('to a copy that has everything loses nothing', async () => {
    const pair = await RedisPair.start();
    const nodes = await startNodes(pair.relay.url);
    const { load, calm } = await startLoad(nodes);
    await load.grow(EVENTS, patience);
    // No more is acknowledged; the copy takes what was.
    await openAdmin(pair.first).call('CLIENT', 'PAUSE', 60_000, 'WRITE');
    await pair.catchUp();
    await pair.promote();
    pair.failOver();
    await expectRecovery('replaced by a copy', load, calm);
    await load.grow(EVENTS, patience);
    load.expectComplete(await load.settle());
    tell('failover to a copy that has everything', { seed, ...load.figures });
    expect(calm.map(({ connections }) => connections)).toEqual(calm.map(() => 1));
  });

  it('to a copy that lags behind begins a new log, and every reader is told', async () => {
    const pair = await RedisPair.start();
    const nodes = await startNodes(pair.relay.url);
    const { load, calm } = await startLoad(nodes);
    await load.grow(10);
    await pair.promote();
    await load.grow(10);
    const former = epochOf(load.acknowledged.at(-1)?.id ?? '');
    pair.failOver();
    await expectRecovery('replaced by a copy that lags behind', load, calm);
    await load.grow(EVENTS, patience);
    const epoch = epochOf(await load.settle());
    tell('failover to a copy that lags behind', { seed, ...load.figures });
    expect(epoch).not.toBe(former);
    for (const { check } of load.clients) {
      expect(check.epochs.at(-1)).toBe(epoch);
      expect(check.losses).toBeGreaterThan(0);
    }
    const ofLast = load.acknowledged.filter(({ id }) => epochOf(id) === epoch);
    for (const { check } of calm) {
      const dataOf = new Map(check.entries.map(({ id, data }) => [id, data]));
      const ofItsChannels = ofLast.filter(({ data }) =>
        check.channels.includes(data.split(' ')[0] ?? ''),
      );
      expect(ofItsChannels.filter(({ id, data }) => dataOf.get(id) !== data)).toEqual([]);
    }
    expect(nodes.map(({ isWell }) => isWell)).toEqual([true, true]);
  });

  it('past which others have published more begins a new log, and every reader is told', async () => {
    const pair = await RedisPair.start();
    const node = await serve(await openStore('redis', pair.relay));
    const journals = [read(node.url, openSSE), read(node.url, openWebSocket)];
    await node.publish(3);
    await pair.catchUp();
    await pair.promote();
    const lost = await node.publish(2);
    await expect.poll(() => journals.map(({ lastEventId }) => lastEventId)).toEqual([lost, lost]);

    const other = await serve(await openStore('ioredis', pair.second));
    await other.publish(6);
    pair.failOver();
    await expect.poll(async () => epochOf(await other.publish(1)), soon).not.toBe(epochOf(lost));
    // One that comes back elsewhere with an id of what was lost.
    journals.push(read(other.url, openSSE, lost));
    await expect.poll(() => journals.at(-1)?.losses, soon).toBe(1);
    const newest = await other.publish(3);
    for (const [nth, journal] of journals.entries()) {
      await expect.poll(() => journal.lastEventId, soon).toBe(newest);
      expect(journal.losses).toBe(1);
      const ofOld = journal.entries.filter(({ id }) => epochOf(id) === epochOf(lost));
      expect(ofOld).toHaveLength(nth < 2 ? 5 : 0);
    }
    const counts = journals.map(({ entries }) => entries.length).join(' and ');
    tell('failover past which more was published', { seed, 'events of each reader': counts });
  });
});

/** A server of one channel. */
async function serve(store: EventStore) {
  const app = await sseApp({ store });
  await app.register(websocket, { path: '/events/ws', channel: 'a' });
  app.get('/events', (_request, reply) => reply.sse(app.channel('a')));
  const url = `${await listen(app)}/events`;
  const publish = async (count: number) => {
    let id = '';
    for (let n = 0; n < count; n++) id = await app.channel('a').publish({ data: url });
    return id;
  };
  return { url, publish };
}

/** A reader that stays; `id`: what it comes back with. */
function read(url: string, open: typeof openSSE, id?: string): Journal {
  const journal = new Journal(['a'], true);
  if (id !== undefined) journal.startAfter(id);
  const client = new ErraticClient(
    journal,
    open,
    () => url,
    () => 0,
  );
  onTestFinished(() => {
    client.leave();
    expect(client.failure).toBeUndefined();
  });
  return journal;
}
