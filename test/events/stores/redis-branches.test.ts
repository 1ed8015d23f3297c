import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../plugins/events/message.ts';
import type { EventStore } from '../../../plugins/events/store.ts';
import type { RedisStoreOptions } from '../../../plugins/events/stores/redis.ts';
import { packages } from '../../support/redis-clients.ts';
import { RedisPair } from '../../support/redis-pair.ts';
import { hasRedis } from '../../support/redis-server.ts';
import { epochOf, holes, openAdmin, openStore, record, text } from '../../support/redis-store.ts';

const soon = { timeout: 20_000, interval: 20 };

type Name = (typeof packages)[number];

/** `node` has appended 1 to 5, of which the copy has 1 to 3, and another one 4 to 9 after them. */
async function branch(name: Name, options: Omit<RedisStoreOptions, 'client'> = {}) {
  const pair = await RedisPair.start();
  const node = await openStore(name, pair.relay, options);
  const entries = await record(node);
  for (let n = 1; n <= 3; n++) await node.append('a', text(n));
  await pair.catchUp();
  await pair.promote();
  for (let n = 4; n <= 5; n++) await node.append('a', text(`lost ${n}`));
  await expect.poll(() => entries.length, soon).toBe(5);
  const other = await openStore(name, pair.second, options);
  for (let n = 4; n <= 9; n++) await other.append('a', text(n));
  const epoch = epochOf(entries[0]?.id ?? '') ?? '';
  return { pair, node, other, entries, epoch };
}

/** Appends until the log is another one; resolves to the entry that is of it. */
async function untilAnew(store: EventStore, epoch: string): Promise<Entry> {
  let newest = await store.append('a', text('next'));
  const append = async () => {
    newest = await store.append('a', text('next'));
    return epochOf(newest.id);
  };
  await expect.poll(append, soon).not.toBe(epoch);
  return newest;
}

async function expectToldOf(entries: readonly Entry[], newest: Entry, epoch: string) {
  await expect.poll(() => entries.at(-1)?.id, soon).toBe(newest.id);
  const ofOld = entries.filter(({ id }) => epochOf(id) === epoch);
  // None of the numbers that others have given to other events.
  expect(ofOld.map(({ data }) => data)).toEqual(['1', '2', '3', 'lost 4', 'lost 5']);
  expect(holes(entries)).toHaveLength(1);
}

describe.skipIf(!hasRedis)('after a failover past which others have published more', () => {
  it.each(packages)(
    'a process that has seen what was lost begins a new log (a client of %s)',
    async (name) => {
      const { pair, other, entries, epoch } = await branch(name);
      const lost = { epoch, seq: 5 };
      pair.failOver();
      const newest = await untilAnew(other, epoch);
      await expectToldOf(entries, newest, epoch);
      expect(await other.read('a', lost, 10)).toMatchObject({ gap: true });
    },
  );

  it('it does so too when the tail has lost its place', async () => {
    const { pair, other, entries, epoch } = await branch('ioredis', { tailLimit: 2 });
    pair.failOver();
    await expectToldOf(entries, await untilAnew(other, epoch), epoch);
  });

  it.each(['append', 'read'] as const)('it does so by its first %s', async (verb) => {
    const { pair, node, other, epoch } = await branch('ioredis');
    // Nothing but this call finds out.
    await node.close();
    const late = await openStore('ioredis', pair.relay);
    await late.append('a', text('lost 6'));
    pair.failOver();
    if (verb === 'append') {
      expect(await late.append('a', text('new'))).toMatchObject({ seq: 1 });
    } else {
      expect(await late.read('a', { epoch, seq: 6 }, 10)).toEqual({ entries: [], gap: true });
    }
    expect(epochOf((await other.append('a', text('new'))).id)).not.toBe(epoch);
  });

  it('it shows nothing of the other branch when its Redis becomes the copy', async () => {
    const { pair, other, entries, epoch } = await branch('redis');
    const admin = openAdmin(pair.first);
    await admin.replicaof('127.0.0.1', pair.second.port);
    const { seq } = await other.append('a', text('after'));
    const head = () => admin.hget('{dev-serve}:log', 'seq');
    await expect.poll(head, soon).toBe(String(seq));
    await admin.replicaof('NO', 'ONE');
    const there = await openStore('redis', pair.first);
    await expectToldOf(entries, await untilAnew(there, epoch), epoch);
  });
});
