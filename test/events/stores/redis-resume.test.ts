import { describe, expect, it, onTestFinished } from 'vitest';
import { newHub, recordingSink } from '../../support/event-hub.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { openAdmin, openStore } from '../../support/redis-store.ts';

const EVENTS = 300;
const READERS = 1000;

describe.skipIf(!hasRedis)('readers that come back to a Redis store', () => {
  it('cost Redis one XRANGE for each page and place, a thousand as much as one', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const writer = newHub({ store: await openStore('redis', server) });
    const publish = (_: unknown, n: number) => writer.channel('a').publish({ data: `${n}` });
    const ids = await Promise.all(Array.from({ length: EVENTS }, publish));
    const places = [0, 200];

    /** So many readers of a process that has seen none of it come back. */
    const readsOf = async (readers: number) => {
      const hub = newHub({ store: await openStore('redis', server) });
      await hub.open();
      await admin.config('RESETSTAT');
      const sinks = Array.from({ length: readers }, (_, n) => {
        const sink = recordingSink();
        const lastEventId = ids[places[n % places.length] ?? 0];
        hub.channel('a').subscribe(sink, { lastEventId });
        return sink;
      });
      const behind = (nth: number) => ids.slice((places[nth % places.length] ?? 0) + 1);
      await expect
        .poll(() => sinks.filter(({ written }, nth) => written.at(-1)?.id !== behind(nth).at(-1)), {
          timeout: 20_000,
        })
        .toEqual([]);
      for (const [nth, { written }] of sinks.entries()) {
        const got = written.flatMap(({ id, event }) => (event === 'message' ? [id] : []));
        expect(got).toEqual(behind(nth));
      }
      const stats = await admin.info('commandstats');
      return Number(/cmdstat_xrange:calls=(\d+)/.exec(stats)?.[1]);
    };

    const few = await readsOf(places.length);
    // 128 entries a page, and one that finds the end.
    expect(few).toBeLessThanOrEqual(6);
    expect(await readsOf(READERS)).toBe(few);
  });

  it('are told where somebody else has taken something out, and get what follows', async () => {
    const server = await RedisServer.start(onTestFinished);
    const writer = newHub({ store: await openStore('redis', server) });
    const publish = (n: number) => writer.channel('a').publish({ data: n });
    const ids = await Promise.all([1, 2, 3, 4, 5].map(publish));
    expect(await openAdmin(server).xdel('{dev-serve}:channel:a', '3-0')).toBe(1);
    const hub = newHub({ store: await openStore('redis', server) });
    const sink = recordingSink();
    hub.channel('a').subscribe(sink, { lastEventId: ids[0] });
    await expect.poll(() => sink.written.at(-1)?.id).toBe(ids[4]);
    const told = sink.written.map(({ id, data }) => [
      id,
      /"recovered":\w+/.exec(data)?.[0] ?? data,
    ]);
    expect(told).toEqual([
      [ids[0], '"recovered":true'],
      [ids[1], '2'],
      [ids[2], '"recovered":false'],
      [ids[3], '4'],
      [ids[4], '5'],
    ]);
  });
});
