import { describe, expect, it } from 'vitest';
import { NewsServer } from '../support/peers/news-server.ts';
import { peers } from '../support/peers/peers.ts';
import { expectResumed, Reading } from '../support/peers/reading.ts';
import { useStores } from '../support/peers/store-kinds.ts';

const stores = useStores();
const visits = peers.flatMap((peer) => stores.map((store) => ({ peer, store })));

describe.concurrent.each(visits)('$peer.name, with the $store.name store', ({ peer, store }) => {
  const available = peer.available && store.available;

  it.skipIf(!available)('comes back by itself and resumes where it was', async (context) => {
    const openStore = () => store.open(context, 1000);
    const server = await NewsServer.start(context, { openStore, compress: true });
    const reading = new Reading(context, peer, server.url);
    await reading.positioned();
    const published: string[] = [];
    const publish = async (count: number) => {
      for (let left = count; left > 0; left -= 1) {
        const data = `${published.length} ${'x'.repeat((published.length * 997) % 5000)}`;
        published.push(data);
        await server.channel.publish({ data });
      }
    };

    for (let breaks = 1; breaks <= 2; breaks += 1) {
      await publish(40);
      // The turn in which they are written: some have left by now, others have not.
      await new Promise(setImmediate);
      server.breakConnections();
      await publish(20);
      await reading.positioned(breaks + 1);
    }
    await publish(20);

    await reading.reached(server.channel.lastEventId ?? '');
    expect(reading.events.map(({ data }) => data)).toEqual(published);
    expectResumed(reading);
  });

  it.skipIf(!available)('comes back to a log that began anew, and is told', async (context) => {
    const openStore = () => store.open(context, 1000);
    const server = await NewsServer.start(context, { openStore });
    const reading = new Reading(context, peer, server.url);
    await reading.positioned();
    await reading.reached(await server.channel.publish({ data: 'old' }));

    await server.beginAnew();
    await server.channel.publish({ data: 'while it is away' });
    await reading.positioned(2);
    await reading.reached(await server.channel.publish({ data: 'new' }));

    expect(reading.positions[1]?.data).toBe('{"recovered":false}');
    // One that is back before the store has taken the event gets that too.
    const rest = reading.events.filter(({ data }) => data !== 'while it is away');
    expect(rest.map(({ data }) => data)).toEqual(['old', 'new']);
  });
});

describe.concurrent.each(peers)('$name', (peer) => {
  it.skipIf(!peer.available)(
    'is told of a loss when it has been away for too long',
    async (context) => {
      const server = await NewsServer.start(context, { limit: 5 });
      const reading = new Reading(context, peer, server.url);
      await reading.positioned();
      await reading.reached(await server.channel.publish({ data: 'before' }));

      server.breakConnections();
      // In the turn of the break, so that nobody is back before all of them are in the log.
      await Promise.all(
        Array.from({ length: 300 }, () => server.channel.publish({ data: 'missed' })),
      );
      await reading.positioned(2);
      await reading.reached(await server.channel.publish({ data: 'after' }));

      expect(reading.positions.map(({ data }) => data)).toEqual([
        '{"recovered":true}',
        '{"recovered":false}',
      ]);
      expect(reading.events.map(({ data }) => data)).toEqual([
        'before',
        ...Array.from({ length: 5 }, () => 'missed'),
        'after',
      ]);
    },
  );
});
