import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { redisStore } from '../../../plugins/events/stores/redis.ts';
import { packages } from '../../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import {
  epochOf,
  holes,
  openStore,
  type Publishing,
  publish,
  record,
  text,
} from '../../support/redis-store.ts';

const soon = { timeout: 20_000 };
const unavailable = { code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE', statusCode: 503 };

describe.skipIf(!hasRedis).each(packages)('with Redis away, a store on a client of %s', (name) => {
  it('refuses every call in time, and answers again by itself', async () => {
    const server = await RedisServer.start(onTestFinished, { durable: true });
    const store = await openStore(name, server, { timeout: 1500 });
    const entries = await record(store);
    const { id } = await store.append('a', text(1));
    const epoch = epochOf(id) ?? '';
    for (const leave of [() => server.pause(), () => server.kill()]) {
      await leave();
      const begun = performance.now();
      const calls = [
        store.append('a', text('lost')),
        store.append('a', text('lost'), { volatile: true }),
        store.read('a', { epoch, seq: 0 }, 10),
        store.follow(() => {}),
      ];
      for (const call of await Promise.allSettled(calls)) {
        expect(call).toMatchObject({ status: 'rejected', reason: unavailable });
      }
      expect(performance.now() - begun).toBeLessThan(15_000);
    }
    await server.restart();
    await expect.poll(() => store.append('a', text('back')).catch(() => {}), soon).toBeTruthy();
    await expect.poll(() => entries.at(-1)?.data, soon).toBe('back');
  });

  it.each([
    [
      'is paused',
      (server: RedisServer) => server.pause(),
      (server: RedisServer) => server.resume(),
    ],
    ['crashes', (server: RedisServer) => server.kill(), (server: RedisServer) => server.restart()],
  ])('loses nothing acknowledged when it %s under appends', async (_, leave, comeBack) => {
    const server = await RedisServer.start(onTestFinished, { durable: true });
    const options = { timeout: 1500 };
    const stores = [
      await openStore(name, server, options),
      await openStore(name, server, options),
    ] as const;
    const followers = await Promise.all(stores.map(record));
    const publishers = stores.map((store, n) => publish(store, `channel-${n}`));
    const grown = (publisher: Publishing) => publisher.acknowledged.length;
    await expect.poll(() => Math.min(...publishers.map(grown)), soon).toBeGreaterThan(20);
    await leave(server);
    await expect
      .poll(() => Math.min(...publishers.map(({ refused }) => refused)), soon)
      .toBeGreaterThan(2);
    const before = publishers.map(grown);
    await comeBack(server);
    await expect
      .poll(() => publishers.every((one, n) => grown(one) > (before[n] ?? 0) + 20), soon)
      .toBe(true);
    await Promise.all(publishers.map(({ stop }) => stop()));

    const acknowledged = publishers.flatMap((publisher) => publisher.acknowledged);
    const newest = Math.max(...acknowledged.map(({ seq }) => seq));
    for (const entries of followers) {
      await expect.poll(() => entries.at(-1)?.seq, soon).toBe(newest);
      expect(holes(entries)).toEqual([]);
      const reported = new Map(entries.map(({ id, data }) => [id, data]));
      expect(acknowledged.filter(({ id, data }) => reported.get(id) !== data)).toEqual([]);
      expect(new Set(entries.map(({ data }) => data)).size).toBe(entries.length);
    }
  });

  it('fills no queue with what it has refused', async () => {
    const server = await RedisServer.start(onTestFinished);
    const store = await openStore(name, server, { timeout: 1500 });
    await store.append('a', text(1));
    server.pause();
    const refuse = (n: number) =>
      expect(store.append('a', text(n))).rejects.toMatchObject(unavailable);
    await refuse(2);
    await Promise.all(Array.from({ length: 50 }, (_, n) => refuse(3 + n)));
    await refuse(100);
    server.resume();
    const [back] = await Promise.all([store.append('a', text('back')), store.append('a', text(4))]);
    // The second append was sent before anything was wrong: it is stored now.
    expect(back).toMatchObject({ seq: 3, data: 'back' });
  });

  it('needs no listener for the errors of the client', async () => {
    const server = await RedisServer.start(onTestFinished);
    const client = name === 'redis' ? createClient({ url: server.url }) : new Redis(server.url);
    if ('destroy' in client) await client.connect();
    onTestFinished(() => ('destroy' in client ? client.destroy() : client.disconnect()));
    const store = redisStore({ client, timeout: 1500 });
    onTestFinished(() => store.close());
    await record(store);
    await server.kill();
    await expect(store.append('a', text(1))).rejects.toMatchObject(unavailable);
    await server.restart();
    await expect.poll(() => store.append('a', text(1)).catch(() => {}), soon).toBeTruthy();
  });

  it('can be closed', async () => {
    const server = await RedisServer.start(onTestFinished);
    const store = await openStore(name, server, { timeout: 1500 });
    await record(store);
    await server.kill();
    const refused = expect(store.append('a', text(1))).rejects.toThrow();
    await store.close();
    await refused;
    await expect(store.append('a', text(2))).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_STORE_CLOSED',
    });
  });
});

describe.skipIf(!hasRedis)('a client that drops what was not answered', () => {
  /** A store with one entry, whose Redis stands still since. */
  async function openPaused(timeout: number) {
    const server = await RedisServer.start(onTestFinished);
    const client = new Redis(server.url, { autoResendUnfulfilledCommands: false });
    onTestFinished(() => client.disconnect());
    const store = redisStore({ client, timeout });
    onTestFinished(() => store.close());
    await store.append('a', text(1));
    server.pause();
    return { server, client, store };
  }

  it('is used again once it has a new connection', async () => {
    const { server, client, store } = await openPaused(2000);
    await expect(store.append('a', text(2))).rejects.toMatchObject(unavailable);
    await server.restart();
    await expect.poll(() => client.status, soon).toBe('ready');
    await expect(store.append('a', text(3))).resolves.toMatchObject({ seq: 1, data: '3' });
    await expect(store.append('a', text(4))).resolves.toMatchObject({ seq: 2, data: '4' });
  });

  it('and goes on being used when what it has dropped is given up', async () => {
    const { server, client, store } = await openPaused(4000);
    const dropped = expect(store.append('a', text(2))).rejects.toMatchObject(unavailable);
    await server.restart();
    await expect.poll(() => client.status, soon).toBe('ready');
    // Redis has lost its scripts: the first of these has it learn them, for all that follow.
    for (const n of [3, 4]) await store.append('a', text(n));
    await dropped;
    for (const n of [5, 6]) {
      expect(await store.append('a', text(n))).toMatchObject({ seq: n - 2, data: String(n) });
    }
  });
});

describe.skipIf(!hasRedis)('a client that is not connected', () => {
  it('is waited for, and named in the error', async () => {
    const server = await RedisServer.start(onTestFinished);
    const client = createClient({ url: server.url });
    const store = redisStore({ client, timeout: 1500 });
    const patient = redisStore({ client, timeout: 20_000 });
    onTestFinished(async () => void (await Promise.all([store.close(), patient.close()])));
    await expect(store.append('a', text(1))).rejects.toThrow(/the client is not connected/);
    await expect(store.follow(() => {})).rejects.toThrow(/the client is not connected/);
    const waiting = patient.append('a', text(2));
    await client.connect();
    onTestFinished(() => client.destroy());
    expect(await waiting).toMatchObject({ seq: 1, data: '2' });
  });
});
