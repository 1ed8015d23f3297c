import { describe, expect, it } from 'vitest';
import { type Cut, startCuttingRelay } from '../support/peers/cutting-relay.ts';
import { NewsServer } from '../support/peers/news-server.ts';
import { peers } from '../support/peers/peers.ts';
import { expectResumed, Reading } from '../support/peers/reading.ts';

const TEXT_BYTES = Buffer.byteLength('cut 1 \u{1f600}');
/** Where in the frames of five events, counted from their data. */
const PLACES = {
  'in the line above the data': -8,
  'at the first byte of the data': 0,
  'in a character': TEXT_BYTES - 2,
  'behind the data': TEXT_BYTES + 1,
  'in the id': TEXT_BYTES + 3,
};
const cuts: readonly Cut[] = Object.values(PLACES).map((offset, index) => ({
  text: `cut ${index} \u{1f600}`,
  offset,
}));

describe.concurrent.each(peers)('$name', (peer) => {
  it.skipIf(!peer.available)('drops half an event, then reads it whole', async (context) => {
    const server = await NewsServer.start(context);
    const port = await startCuttingRelay(context, server.port, cuts);
    const reading = new Reading(context, peer, `http://127.0.0.1:${port}/events`);
    await reading.positioned();

    const expected: string[] = [];
    for (const [index, cut] of cuts.entries()) {
      await server.channel.publish({ data: cut.text });
      await reading.positioned(index + 2);
      expected.push(cut.text);
    }
    await reading.reached(await server.channel.publish({ data: 'whole' }));

    expect(reading.events.map(({ data }) => data)).toEqual([...expected, 'whole']);
    expectResumed(reading);
  });
});
