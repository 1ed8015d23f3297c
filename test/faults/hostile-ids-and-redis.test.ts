import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCATE, READ } from '../../plugins/events/stores/redis/scripts.ts';
import websocket from '../../plugins/websocket.ts';
import { tell } from '../support/faults/form.ts';
import { hostileIds } from '../support/faults/hostile-ids.ts';
import { canSend, openWithId, ways } from '../support/faults/open-with-id.ts';
import { seed } from '../support/random.ts';
import { packages } from '../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { epochOf, openAdmin, openStore } from '../support/redis-store.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const soon = { timeout: 10_000 };
/** A new epoch, and what this process has seen. */
const SEEN = '\\w+ \\w+ \\d+ [0-9a-f]{12}';
const READS = new RegExp(
  `^evalsha ${READ.sha} 1 {dev-serve}:log ${SEEN} a (\\w+) \\d{1,16}-0 \\d{1,4}$`,
  'i',
);
/** All that a store sends, and its scripts do, while nothing is published. */
const OWN = [
  READS,
  /^xrange {dev-serve}:channel:a \d{1,16}-0 \+ COUNT \d{1,4}$/i,
  new RegExp(
    `^evalsha ${LOCATE.sha} 1 {dev-serve}:log \\w+ [0-9a-f]{40}( \\w+ \\d+ [0-9a-f]{12}){2}$`,
    'i',
  ),
  /^hmget {dev-serve}:log epoch seq volatile forgotten mark last:a? format$/i,
  /^info replication$/i,
  /^xread COUNT 128 (BLOCK 1000 )?STREAMS {dev-serve}:tail \d{1,16}-\d+$/i,
];

describe.skipIf(!hasRedis).each(packages)(`with a client of %s (seed ${seed})`, (client) => {
  it('E6: nothing of a hostile last event id reaches Redis but a number of this log', async () => {
    const server = await RedisServer.start(onTestFinished);
    const app = await sseApp({ store: await openStore(client, server) });
    await app.register(websocket, { path: '/events/ws', channel: 'a' });
    app.get('/events', (_request, reply) => reply.sse(app.channel('a')));
    const url = `${await listen(app)}/events`;
    const epoch = epochOf(await app.channel('a').publish({ data: 1 })) ?? '';
    // A script is sent whole the first time.
    const { received } = await openWithId(url, ways[0], `${epoch}-0`);
    await expect.poll(() => received.length, soon).toBe(2);

    const admin = openAdmin(server);
    await admin.ping();
    const seen = await monitor(server);
    const ids = hostileIds(epoch);
    for (const way of ways) {
      const sent = ids.filter((id) => canSend(way, id));
      const readers = await Promise.all(sent.map((id) => openWithId(url, way, id)));
      await expect
        .poll(() => readers.every(({ received }) => received.length > 0), soon)
        .toBe(true);
    }
    // Whatever was sent before this was seen before it; what comes after it is the next reading.
    await admin.echo('end');
    await expect.poll(() => seen, soon).toContain('echo end');

    const sent = seen.slice(0, seen.indexOf('echo end'));
    expect(sent.filter((text) => !OWN.some((own) => own.test(text)))).toEqual([]);
    const reads = sent.flatMap((text) => READS.exec(text)?.[1] ?? []);
    tell(`hostile ids and ${client}`, {
      seed,
      ids: ids.length,
      'commands of the store': sent.length,
      'reads of a place': reads.length,
    });
    // The ids of this log from the future, which only the store can tell from a place.
    expect(reads.length).toBeGreaterThan(0);
    expect(new Set(reads)).toEqual(new Set([epoch]));
  });
});

/** What Redis runs from now on. */
async function monitor({ port }: RedisServer): Promise<string[]> {
  const socket = connect(port, '127.0.0.1', () => socket.write('MONITOR\r\n'));
  onTestFinished(() => void socket.destroy());
  const seen: string[] = [];
  const lines = createInterface(socket);
  // `+<time> [<database> <address>] "evalsha" "..."`
  lines.on('line', (line) => {
    const args = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, arg]) => arg);
    if (args.length > 0) seen.push(args.join(' '));
  });
  await once(lines, 'line');
  return seen;
}
