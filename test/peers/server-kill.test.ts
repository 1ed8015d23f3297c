import { afterAll, beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { parseEventId } from '../../plugins/events/event-id.ts';
import { NewsProcess } from '../support/peers/news-process.ts';
import { peers } from '../support/peers/peers.ts';
import { expectResumed, Reading } from '../support/peers/reading.ts';
import { temporaryFolder } from '../support/peers/store-kinds.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';

const KILLS = 2;
const soon = { timeout: 20_000, interval: 1 };
const present = peers.filter(({ available }) => available);
let redis: RedisServer | undefined;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  if (hasRedis) redis = await RedisServer.start((stop) => stops.push(stop));
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const kinds = [
  { name: 'durable', available: true, place: temporaryFolder },
  { name: 'redis', available: hasRedis, place: async () => redis?.url ?? '' },
];

/** Publishes until the server is gone; resolves to the data of each event it has stored, by id. */
async function publishTo(server: NewsProcess, stored: Map<string, string>, left = Infinity) {
  for (let count = 0; count < left; count += 1) {
    const data = `${stored.size} ${'x'.repeat((stored.size * 997) % 5000)}`;
    const id = await server.publish(data).catch(() => undefined);
    if (id === undefined) return;
    stored.set(id, data);
  }
}

describe.concurrent.each(kinds)('a server with the $name store', ({ available, place }) => {
  it.skipIf(!available)(
    'is killed while it publishes, and every foreign client resumes where it was',
    { timeout: 60_000 },
    async (context: TestContext) => {
      const server = await NewsProcess.start(context, await place(context));
      const readings = present.map((peer) => ({
        peer,
        reading: new Reading(context, peer, server.url),
      }));
      for (const { reading } of readings) await reading.positioned();
      const stored = new Map<string, string>();

      for (let kills = 1; kills <= KILLS; kills += 1) {
        await publishTo(server, stored, 30);
        const publishing = publishTo(server, stored);
        const before = stored.size;
        await vi.waitFor(() => expect(stored.size).toBeGreaterThan(before + 5), soon);
        await server.kill();
        await publishing;
        await server.restart();
        await publishTo(server, stored, 10);
        for (const { peer, reading } of readings) {
          await reading.positioned(kills + 1).catch((cause: unknown) => {
            throw new Error(`${peer.name} does not come back`, { cause });
          });
        }
      }
      const last = await server.publish('last');
      stored.set(last, 'last');

      for (const { peer, reading } of readings) {
        await reading.reached(last);
        expectResumed(reading);
        const numbers = reading.events.map(({ lastEventId }) => parseEventId(lastEventId)?.seq);
        expect(numbers, peer.name).toEqual(numbers.map((_, index) => index + 1));
        const read = new Map(reading.events.map(({ lastEventId, data }) => [lastEventId, data]));
        expect(
          [...stored.keys()].map((id) => read.get(id)),
          peer.name,
        ).toEqual([...stored.values()]);
      }
    },
  );
});
