import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RedisClient } from '../../../plugins/events/stores/redis/adapt.ts';
import { redisStore } from '../../../plugins/events/stores/redis.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { epochOf, openAdmin, record } from '../../support/redis-store.ts';

const event = { event: 'tick', data: '{"text":"é😀"}' };
const ms = 300;

type Client = RedisClient & (Redis<'legacy'> | Redis<'resp3'> | NodeRedis);
interface NodeRedis {
  connect(): Promise<unknown>;
  destroy(): void;
}

/** Made with a call each, so that what applications get is of a type that the store takes. */
const clients: [string, (port: number) => Client][] = [
  ['redis with RESP2', (port) => createClient({ socket: { port }, RESP: 2 })],
  ['redis with RESP3', (port) => createClient({ socket: { port }, RESP: 3 })],
  ['redis with a prefix', (port) => createClient({ socket: { port }, keyPrefix: 'app:' })],
  [
    'redis without a queue',
    (port) => createClient({ socket: { port }, disableOfflineQueue: true }),
  ],
  ['redis that pings', (port) => createClient({ socket: { port }, pingInterval: 100 })],
  [
    'redis with a URL and a database',
    (port) => createClient({ url: `redis://127.0.0.1:${port}/3` }),
  ],
  [
    'redis in a hurry',
    (port) =>
      createClient({
        // Without it a client that a busy machine has kept waiting gives up for ever.
        socket: { port, socketTimeout: ms, reconnectStrategy: 50 },
        commandOptions: { timeout: ms },
        pingInterval: 100,
      }),
  ],
  [
    'redis that maps strings',
    (port) => createClient({ socket: { port } }).withTypeMapping({ 36: Buffer }),
  ],
  ['ioredis with RESP2', (port) => new Redis(port, { protocol: 2 })],
  ['ioredis with objects', (port) => new Redis(port, { protocol: 3, replyMapping: 'resp3' })],
  ['ioredis with numbers as strings', (port) => new Redis(port, { stringNumbers: true })],
  ['ioredis with a prefix', (port) => new Redis(port, { keyPrefix: 'app:' })],
  ['ioredis that connects late', (port) => new Redis(port, { lazyConnect: true })],
  ['ioredis that pipelines by itself', (port) => new Redis(port, { enableAutoPipelining: true })],
  ['ioredis without a queue', (port) => new Redis(port, { enableOfflineQueue: false })],
  [
    'ioredis without retries',
    (port) => new Redis(port, { maxRetriesPerRequest: 0, retryStrategy: () => null }),
  ],
  ['ioredis with a database', (port) => new Redis(port, { db: 3 })],
  [
    'ioredis in a hurry',
    (port) => new Redis(port, { commandTimeout: ms, socketTimeout: ms, blockingTimeout: ms }),
  ],
];

describe.skipIf(!hasRedis)('a Redis store works on a client of', () => {
  it.each(clients)('%s', async (_, create) => {
    const server = await RedisServer.start(onTestFinished);
    await exercise(await connect(create(server.port)));
  });

  it('either package that needs a password', async () => {
    const server = await RedisServer.start(onTestFinished);
    await openAdmin(server).config('SET', 'requirepass', 'secret');
    const socket = { port: server.port };
    await exercise(await connect(createClient({ socket, password: 'secret' })));
    await exercise(await connect(new Redis(server.port, { password: 'secret', keyPrefix: 'b:' })));
  });

  it('a user who may do nothing, but for a clear error', async () => {
    const server = await RedisServer.start(onTestFinished);
    await openAdmin(server).acl('SETUSER', 'weak', 'on', '>x', '~*', '+@connection', '+info');
    const client = new Redis(server.port, { username: 'weak', password: 'x' });
    const store = redisStore({ client: await connect(client) });
    onTestFinished(() => store.close());
    await expect(store.append('a', event)).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE',
      message: expect.stringContaining('NOPERM'),
    });
  });
});

/** Each package has its own way to begin and to end. */
async function connect(client: Client): Promise<Client> {
  client.on('error', () => {});
  if (client instanceof Redis) {
    onTestFinished(() => client.disconnect());
  } else {
    onTestFinished(() => client.destroy());
    await client.connect();
  }
  return client;
}

/** All that a store does, with an event after the tail has waited in vain once. */
async function exercise(client: RedisClient): Promise<void> {
  const store = redisStore({ client, timeout: 20_000 });
  onTestFinished(() => store.close());
  const entries = await record(store);
  const appends = Array.from({ length: 20 }, () => store.append('é', event));
  const appended = await Promise.all(appends);
  await store.append('é', event, { volatile: true });
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await store.append('other', event);
  const all = [...appended.map(({ seq }) => seq), 20, 21];
  await expect.poll(() => entries.map(({ seq }) => seq)).toEqual(all);
  const page = await store.read('é', { epoch: epochOf(appended[0]?.id ?? '') ?? '', seq: 5 }, 100);
  expect(page.gap).toBe(false);
  expect(page.entries.map(({ seq, data }) => [seq, data])).toEqual(
    appended.slice(5).map(({ seq }) => [seq, event.data]),
  );
}
