import { describe, expect, it, vi } from 'vitest';
import { NewsServer } from '../support/peers/news-server.ts';
import { peers } from '../support/peers/peers.ts';
import { Reading } from '../support/peers/reading.ts';

/** In milliseconds: a comment asks for nothing, a ping has to be answered before the next one. */
const INTERVALS = { sse: 20, websocket: 1000 };
/** More than one ping, so that at least one was answered; less than one comment. */
const HEARTBEAT_BYTES = 3;

describe.concurrent.each(peers)('$name', (peer) => {
  it.skipIf(!peer.available)('makes no event of a heartbeat, and stays', async (context) => {
    const heartbeatInterval = INTERVALS[peer.transport];
    const server = await NewsServer.start(context, { heartbeatInterval });
    const reading = new Reading(context, peer, server.url);
    await reading.positioned();

    for (const data of ['first', 'second']) {
      await reading.reached(await server.channel.publish({ data }));
      const enough = server.bytesWritten + HEARTBEAT_BYTES;
      await vi.waitFor(() => expect(server.bytesWritten).toBeGreaterThan(enough), {
        timeout: 20_000,
      });
    }
    await reading.reached(await server.channel.publish({ data: 'third' }));

    expect(reading.events.map(({ data }) => data)).toEqual(['first', 'second', 'third']);
    expect(reading.positions).toHaveLength(1);
  });
});
