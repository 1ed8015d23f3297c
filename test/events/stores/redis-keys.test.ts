import type { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Entry } from '../../../plugins/events/message.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { epochOf, holes, openAdmin, openStore, record, text } from '../../support/redis-store.ts';

const soon = { timeout: 20_000 };
const KEY = '{dev-serve}:';

const after = ({ id, seq }: Entry, earlier = seq) => ({
  epoch: epochOf(id) ?? '',
  seq: seq - earlier,
});

describe.skipIf(!hasRedis)('the keys of a Redis store', () => {
  it('are in one hash slot, and few', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server, { prefix: 'app' });
    await store.append('a', text(1));
    await store.append('b}{', text(2));
    const keys = (await admin.keys('*')).map((key) => key.replace(/:writer:\w+$/, ':writer:?'));
    expect(keys.toSorted()).toEqual(
      ['channel:a', 'channel:b}{', 'channels', 'log', 'tail', 'writer:?'].map((k) => `{app}:${k}`),
    );
  });

  it('keep the exact bytes that readers get', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server);
    const { id } = await store.append('a', { event: 'tick', data: 'one\ntwo é' });
    const [[, fields] = []] = await admin.xrange(`${KEY}channel:a`, '-', '+');
    expect(fields?.at(-1)).toBe(`event: tick\ndata: one\ndata: two é\nid: ${id}\n\n`);
  });

  it.each([
    ['an earlier', (admin: Redis) => admin.hdel(`${KEY}log`, 'format')],
    ['a later', (admin: Redis) => admin.hset(`${KEY}log`, 'format', '2')],
  ])('of %s version are refused, and left as they are', async (_which, change) => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server, { timeout: 500 });
    const { id } = await store.append('a', text(1));
    await change(admin);
    const refusal = expect.objectContaining({
      code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE',
      message: expect.stringMatching(/another version of dev-serve: .* a prefix of its own/),
    });
    await expect(store.append('a', text(2))).rejects.toEqual(refusal);
    await expect(store.read('a', { epoch: epochOf(id) ?? '', seq: 0 }, 1)).rejects.toEqual(refusal);
    await expect(store.follow(() => {})).rejects.toEqual(refusal);
    expect(await admin.hget(`${KEY}log`, 'seq')).toBe('1');
    expect(await admin.xlen(`${KEY}channel:a`)).toBe(1);
  });

  it('lose channels that were idle, with a gap for those who had not read them', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server, { maxAge: 100 });
    const once = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.append(`once-${n}`, text(n))),
    );
    const [first, last] = [once[0], once.at(-1)];
    if (!first || !last) throw new Error('nothing was appended');
    const left = async () => {
      const { seq } = await store.append('busy', text('x'));
      return { seq, keys: (await admin.keys(`${KEY}channel:*`)).length };
    };
    await expect.poll(async () => (await left()).keys, soon).toBe(1);
    expect(await admin.zcard(`${KEY}channels`)).toBe(1);
    expect(
      (await admin.hkeys(`${KEY}log`)).filter((name) => name.startsWith('last:')),
    ).toHaveLength(1);

    const beginning = after(first);
    expect(await store.read('once-0', beginning, 10)).toEqual({ entries: [], gap: true });
    expect(await store.read('once-49', after(last, 1), 10)).toEqual({ entries: [], gap: true });
    expect(await store.read('once-49', after(last, 0), 10)).toEqual({ entries: [], gap: false });
    const again = await store.append('once-0', text('again'));
    const page = await store.read('once-0', beginning, 10);
    expect([page.gap, page.entries.map(({ seq }) => seq)]).toEqual([true, [again.seq]]);
    expect((await store.read('once-0', after(again, 1), 10)).gap).toBe(false);
  });

  it('forget what a writer waits for no longer', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('ioredis', server);
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, n) => store.append('a', text(n))));
    }
    for (let n = 0; n < 10; n++) await store.append('a', text(n));
    const [writer = ''] = await admin.keys(`${KEY}writer:*`);
    expect(await admin.hlen(writer)).toBeLessThan(5);
    expect(await admin.ttl(writer)).toBeGreaterThan(0);
  });

  it('are reported on when the tail was trimmed past a follower', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const [one, other] = [
      await openStore('redis', server, { tailLimit: 5 }),
      await openStore('redis', server, { tailLimit: 5 }),
    ];
    const entries = await record(one);
    await admin.client('PAUSE', 1, 'WRITE');
    const appends = Array.from({ length: 500 }, (_, n) => other.append('a', text(n)));
    const newest = (await Promise.all(appends)).at(-1);
    await expect.poll(() => entries.at(-1)?.seq, soon).toBe(newest?.seq);
    // What the tail has lost is in the channel.
    const page = await one.read('a', { epoch: epochOf(newest?.id ?? '') ?? '', seq: 0 }, 1000);
    expect([page.gap, page.entries.length, holes(page.entries)]).toEqual([false, 500, []]);
  });
});

describe.skipIf(!hasRedis)('E9: what a foreign hand puts into the keys of a Redis store', () => {
  it.each([
    ['an item at the time of day', ['XADD', 'tail', '*', 'x', 'y']],
    ['an item beyond all numbers', ['XADD', 'tail', '18446744073709551615-1', 'x', 'y']],
    ['an item in a channel', ['XADD', 'channel:a', '*', 'x', 'y']],
    ['a string for the tail', ['SET', 'tail', 'x']],
    ['a string for a channel', ['SET', 'channel:a', 'x']],
    ['an item that looks like an entry', ['XADD', 'tail', '*', 'about', 'x   a', 'bytes', 'y']],
  ])('stops nothing: %s', async (_, [command = '', name = '', ...args]) => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server);
    const entries = await record(store);
    await store.append('a', text(1));
    await admin.call(command, KEY + name, ...args);
    for (let n = 2; n <= 10; n++) await store.append('a', text(n));
    await expect.poll(() => entries.length, soon).toBe(10);
    expect(holes(entries)).toEqual([]);
    const [newest] = entries.slice(-1);
    const page = newest && (await store.read('a', after(newest), 100));
    // What lay in the way of the channel is gone, and said to be.
    expect(page?.entries.at(-1)?.seq).toBe(10);
    expect(page?.gap).toBe(name === 'channel:a');
  });

  it('is a loss to readers, not an event, where it takes the place of an entry', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server);
    const first = await store.append('a', text(1));
    for (let n = 2; n <= 3; n++) await store.append('a', text(n));
    const items = await admin.xrange(`${KEY}channel:a`, '-', '+');
    await admin.del(`${KEY}channel:a`);
    for (const [id, fields] of items) {
      const forged = fields.map((field) => field.replace(/^data: .*2\n/, '$&\ndata: forged\n'));
      await admin.xadd(`${KEY}channel:a`, id, ...forged);
    }
    const found = await store.read('a', after(first), 10);
    expect(found).toMatchObject({ entries: [{ seq: 1 }], gap: false });
    const rest = await store.read('a', after(first, 0), 10);
    expect(rest).toMatchObject({ entries: [{ seq: 3 }], gap: true });
  });

  it('is refused when it is in the place of the log', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server);
    await admin.set(`${KEY}log`, 'x');
    const refusal = { code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE', message: /WRONGTYPE/ };
    await expect(store.append('a', text(1))).rejects.toMatchObject({ code: refusal.code });
    await expect(store.read('a', { epoch: 'x', seq: 0 }, 1)).rejects.toThrow(refusal.message);
  });

  it('makes following fail when it is in the place of the tail, until it is gone', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server, { timeout: 5000 });
    await store.append('a', text(1));
    await admin.set(`${KEY}tail`, 'x');
    await expect(store.follow(() => {})).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE',
      message: expect.stringContaining('WRONGTYPE'),
    });
    await store.append('a', text(2));
    expect(await store.follow(() => {})).toMatchObject({ head: 2 });
  });

  it('leaves nothing of an old log behind when it takes the log away', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server);
    for (let n = 1; n <= 3; n++) await store.append('a', text(`old ${n}`));
    await admin.del(`${KEY}log`, `${KEY}channels`);
    for (let n = 1; n <= 5; n++) await store.append('b', text(n));
    const sixth = await store.append('a', text('new'));
    const page = await store.read('a', after(sixth), 10);
    expect([page.gap, page.entries.map(({ id }) => id)]).toEqual([false, [sixth.id]]);
  });

  it('is noticed when it takes a channel away', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore('redis', server);
    const first = await store.append('a', text(1));
    await store.append('a', text(2));
    await admin.del(`${KEY}channel:a`);
    expect(await store.read('a', after(first, 0), 10)).toEqual({ entries: [], gap: true });
    await store.append('a', text(3));
    const page = await store.read('a', after(first, 0), 10);
    expect([page.gap, page.entries.map(({ seq }) => seq)]).toEqual([true, [3]]);
  });
});
