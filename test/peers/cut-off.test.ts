import { describe, expect, it } from 'vitest';
import { type Fault, HostileTcp } from '../support/faults/hostile-tcp.ts';
import { NewsServer } from '../support/peers/news-server.ts';
import { ownClients } from '../support/peers/own-clients.ts';
import { peers } from '../support/peers/peers.ts';
import { expectResumed, Reading } from '../support/peers/reading.ts';
import { randomFrom, seed } from '../support/random.ts';

const TEXT_BYTES = Buffer.byteLength('cut 1 \u{1f600}');
/** Where in the frames of five events, counted from their data, and how it ends there. */
const PLACES = [
  { where: 'in the line above the data', offset: -8, how: 'destroy' },
  { where: 'at the first byte of the data', offset: 0, how: 'reset' },
  { where: 'in a character', offset: TEXT_BYTES - 2, how: 'half-close' },
  { where: 'behind the data', offset: TEXT_BYTES + 1, how: 'reset' },
  { where: 'in the id', offset: TEXT_BYTES + 3, how: 'half-close' },
] as const;
const texts = PLACES.map((_, index) => `cut ${index} \u{1f600}`);
/** Connections that do not come to their first event, or the next ones, where those were given up. */
const HANDSHAKES = [2, 5];
/** Any handshake is longer, each way. */
const HANDSHAKE_BYTES = 100;

/** New ones for each test, since each happens once. */
const cutsInEvents = (): Fault[] =>
  PLACES.map(({ offset, how }, index) => ({ after: { text: texts[index] ?? '', offset }, how }));

describe.concurrent.each([...peers, ...ownClients])(`$name (seed ${seed})`, (peer) => {
  it.skipIf(!peer.available)(
    'drops half an event, is cut off in a handshake too, then reads it whole',
    { timeout: 60_000 },
    async (context) => {
      const server = await NewsServer.start(context);
      const faults = cutsInEvents();
      const random = randomFrom(seed);
      const inHandshake = (): Fault => {
        const of = random() < 0.3 ? 'client' : 'server';
        const after = Math.floor(random() * HANDSHAKE_BYTES);
        return { of, after, how: random() < 0.5 ? 'reset' : 'destroy' };
      };
      const cuts = HANDSHAKES.map((from) => ({ from, fault: inHandshake() }));
      const proxy = await HostileTcp.start(context, server.port, (nth) => ({
        faults: [...cuts.flatMap(({ from, fault }) => (nth >= from ? fault : [])), ...faults],
      }));
      const reading = new Reading(context, peer, `http://127.0.0.1:${proxy.port}/events`);
      await reading.positioned();

      for (const [index, data] of texts.entries()) {
        await server.channel.publish({ data });
        await reading.positioned(index + 2);
      }
      await reading.reached(await server.channel.publish({ data: 'whole' }));

      expect(reading.events.map(({ data }) => data)).toEqual([...texts, 'whole']);
      expectResumed(reading);
      expect(proxy.faults).toBe(PLACES.length + HANDSHAKES.length);
    },
  );
});
