import { describe, expect, it } from 'vitest';
import { POSITION } from '../../plugins/events/message.ts';
import { HostileTcp } from '../support/faults/hostile-tcp.ts';
import { news } from '../support/peers/news.ts';
import { NewsServer } from '../support/peers/news-server.ts';
import { peers } from '../support/peers/peers.ts';
import { asRead, Reading } from '../support/peers/reading.ts';

describe.each(peers)('$name', (peer) => {
  it.skipIf(!peer.available)('reads what was published, in order, once', async (context) => {
    const server = await NewsServer.start(context);
    const types = news.map(({ event }) => event || 'message');
    const reading = new Reading(context, peer, server.url, types);
    await reading.positioned();

    const ids = await Promise.all(news.map((message) => server.channel.publish(message)));
    await reading.reached(ids.at(-1) ?? '');

    const expected = news.map((message, index) => asRead(peer, message, ids[index] ?? ''));
    expect(reading.events).toEqual(expected);
  });

  it.skipIf(!peer.available)(
    'reads the same out of single bytes, compressed if it takes that',
    async (context) => {
      const small = news.filter(({ data }) => JSON.stringify(data).length < 1000);
      const server = await NewsServer.start(context, { compress: true });
      const { port } = await HostileTcp.start(context, server.port, () => ({ writes: 1 }));
      const types = small.map(({ event }) => event || 'message');
      const reading = new Reading(context, peer, `http://127.0.0.1:${port}/events`, types);
      await reading.positioned();
      const ids = await Promise.all(small.map((message) => server.channel.publish(message)));
      await reading.reached(ids.at(-1) ?? '');
      const expected = small.map((message, index) => asRead(peer, message, ids[index] ?? ''));
      expect(reading.events).toEqual(expected);
    },
  );

  it.skipIf(!peer.available)('is told where it is before its first event', async (context) => {
    const server = await NewsServer.start(context);
    await server.channel.publish({ data: 'before' });
    const lastEventId = await server.channel.publish({ data: 'just before' });
    const reading = new Reading(context, peer, server.url);
    await reading.positioned();
    const next = await server.channel.publish({ data: 'after' });
    await reading.reached(next);

    expect(reading.all).toEqual([
      { type: POSITION, data: '{"recovered":true}', lastEventId },
      { type: 'message', data: 'after', lastEventId: next },
    ]);
  });
});
