import { Cluster, Redis } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import { describe, expect, it } from 'vitest';
import { redisStore } from '../../../plugins/events/stores/redis.ts';

const client = createClient();

function attempt(options: object): unknown {
  try {
    return Reflect.apply(redisStore, undefined, [options]);
  } catch (error) {
    return error;
  }
}

const refusal = (option: string) => ({
  code: 'DEV_SERVE_ERR_INVALID_OPTION',
  message: expect.stringContaining(`"${option}"`),
});

describe('redisStore() refuses', () => {
  const cluster = new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true });
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a URL', 'redis://127.0.0.1'],
    ['any object', {}],
    ['an object with one method', { sendCommand() {} }],
    ['a cluster of the package redis', createCluster({ rootNodes: [] })],
    ['a pool of the package redis', createClientPool()],
    [
      'a sentinel client of the package redis',
      createSentinel({ name: 'x', sentinelRootNodes: [] }),
    ],
    ['a cluster of the package ioredis', cluster],
    ['a pipeline', client.multi()],
  ])('%s for a client', (_, value) => {
    expect(attempt({ client: value })).toMatchObject(refusal('client'));
  });

  it.each([
    ['prefix', ''],
    ['prefix', 'a{b'],
    ['prefix', 'a}b'],
    ['prefix', '{a}'],
    ['prefix', 'a\nb'],
    ['prefix', 'a\0'],
    ['prefix', 'x'.repeat(256)],
    ['prefix', '😀'.repeat(64)],
    ['prefix', 7],
    ['limit', 0],
    ['limit', 1.5],
    ['limit', '10'],
    ['limit', Number.NaN],
    ['limit', Number.POSITIVE_INFINITY],
    ['tailLimit', 0],
    ['tailLimit', '1; FLUSHALL'],
    ['maxAge', 0],
    ['maxAge', 2 ** 53],
    ['timeout', 0],
    ['timeout', 2 ** 31],
    ['tiemout', 1000],
  ])('%s: %j', (name, value) => {
    expect(attempt({ client, [name]: value })).toMatchObject(refusal(name));
  });

  it('nothing of this', async () => {
    const lazy = new Redis({ lazyConnect: true });
    for (const one of [client, lazy, client.withTypeMapping({})]) {
      for (const prefix of ['a', 'app:events', '😀', 'a b', '$(x)', "'; return 1 --", undefined]) {
        await redisStore({ client: one, prefix }).close();
      }
    }
  });
});
