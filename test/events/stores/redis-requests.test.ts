import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RedisConnection } from '../../../plugins/events/stores/redis/connection.ts';
import { Requests } from '../../../plugins/events/stores/redis/requests.ts';
import { APPEND } from '../../../plugins/events/stores/redis/scripts.ts';
import { packages } from '../../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { openAdmin, openStore, PATIENCE, text } from '../../support/redis-store.ts';

/** A client that says what it is told to, so that each moment of a new connection can be had. */
class Client implements RedisConnection {
  isReady = true;
  readonly sent: (string | undefined)[] = [];
  readonly listeners = new Set<() => void>();
  answer = (): Promise<unknown> => Promise.resolve('ok');

  evaluate(_command: string, _script: string, _key: string, [first]: readonly string[]) {
    this.sent.push(first);
    return this.answer();
  }

  onReady(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tellReady(): void {
    this.isReady = true;
    for (const listener of [...this.listeners]) listener();
  }

  ignoreErrors = () => () => {};

  duplicate(): never {
    throw new Error('has no other');
  }
}

function requestsOf(client: Client, timeout = PATIENCE) {
  const requests = new Requests(client, 'key', timeout);
  onTestFinished(() => requests.close());
  const ask = (text: string) => requests.run(APPEND, () => [text]);
  return { requests, ask };
}

describe('a call that comes after others have waited for Redis is sent after them', () => {
  it('before the client has said that it is ready', async () => {
    const client = new Client();
    const { ask } = requestsOf(client);
    client.isReady = false;
    const calls = [ask('1'), ask('2')];
    // As `ioredis` says a tick before it tells.
    client.isReady = true;
    calls.push(ask('3'));
    client.tellReady();
    await Promise.all(calls);
    expect(client.sent).toEqual(['1', '2', '3']);
  });

  it.each([0, 1, 2])('when it says so, and %i microtasks later', async (microtasks) => {
    const client = new Client();
    const { ask } = requestsOf(client);
    client.isReady = false;
    const calls = [ask('1'), ask('2')];
    client.onReady(async () => {
      for (let n = 0; n < microtasks; n += 1) await undefined;
      calls.push(ask('3'));
    });
    client.tellReady();
    await turn();
    await Promise.all(calls);
    expect(client.sent).toEqual(['1', '2', '3']);
  });

  it('where the connection was lost again at once', async () => {
    const client = new Client();
    const { ask } = requestsOf(client);
    client.isReady = false;
    const calls = [ask('1'), ask('2')];
    client.tellReady();
    client.isReady = false;
    calls.push(ask('3'));
    await turn();
    expect(client.sent).toEqual([]);
    client.tellReady();
    await Promise.all(calls);
    expect(client.sent).toEqual(['1', '2', '3']);
  });

  it('and after those that are tried again', async () => {
    const client = new Client();
    const { ask } = requestsOf(client);
    let lose = (): void => {};
    const lost = new Promise((_resolve, reject) => {
      lose = () => reject(new Error('Connection is closed.'));
    });
    client.answer = () => lost;
    const calls = [ask('1'), ask('2')];
    client.isReady = false;
    calls.push(ask('3'));
    lose();
    await turn();
    client.answer = () => Promise.resolve('ok');
    client.tellReady();
    calls.push(ask('4'));
    await Promise.all(calls);
    expect(client.sent).toEqual(['1', '2', '1', '2', '3', '4']);
  });

  it('and after those that Redis has refused for now', async () => {
    const client = new Client();
    const { ask } = requestsOf(client);
    client.answer = () => Promise.reject(new Error('LOADING Redis is loading'));
    const calls = [ask('1'), ask('2')];
    await turn();
    client.answer = () => Promise.resolve('ok');
    calls.push(ask('3'));
    await Promise.all(calls);
    expect(client.sent).toEqual(['1', '2', '1', '2', '3']);
  });

  it('when Redis answers again at last', async () => {
    const client = new Client();
    const { ask } = requestsOf(client, 50);
    let answer = (): void => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    client.answer = () => late;
    await expect(ask('slow')).rejects.toMatchObject({ code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE' });
    const calls = [ask('1'), ask('2')];
    client.answer = () => Promise.resolve('ok');
    answer();
    await late;
    for (let n = 0; n < 10; n += 1) {
      calls.push(ask(`later ${n}`));
      await undefined;
    }
    await Promise.all(calls);
    const later = Array.from({ length: 10 }, (_, n) => `later ${n}`);
    expect(client.sent).toEqual(['slow', '1', '2', ...later]);
  });
});

it('why Redis refuses is told, also where the last attempt had no time', async () => {
  const client = new Client();
  const { ask } = requestsOf(client, 120);
  client.answer = () => {
    if (client.sent.length > 1) return new Promise(() => {});
    return Promise.reject(new Error('LOADING Redis is loading the dataset in memory'));
  };
  await expect(ask('1')).rejects.toThrow('LOADING');
  expect(client.sent.length).toBe(2);
});

it('a call that was lost with its connection keeps no other from the next one', async () => {
  const client = new Client();
  const { ask } = requestsOf(client, 50);
  client.answer = () => new Promise(() => {});
  const lost = ask('1');
  client.tellReady();
  await expect(lost).rejects.toThrow('no answer');
  client.answer = () => Promise.resolve('ok');
  await expect(ask('2')).resolves.toBe('ok');
});

it('a call that has had no answer when the store closes leaves no listener behind', async () => {
  const client = new Client();
  client.answer = () => new Promise(() => {});
  const { requests, ask } = requestsOf(client, 1);
  const call = ask('1');
  requests.close();
  await expect(call).rejects.toMatchObject({ code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE' });
  await turn();
  expect(client.listeners.size).toBe(0);
});

it.skipIf(!hasRedis).each(packages)(
  'Redis is asked again after it has refused for longer than the timeout, by a client of %s',
  async (name) => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore(name, server, { timeout: 300 });
    await store.append('a', text('before'));
    await admin.config('SET', 'min-replicas-to-write', '1');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(store.append('a', text('refused'))).rejects.toMatchObject({
        code: 'DEV_SERVE_ERR_STORE_UNAVAILABLE',
        message: expect.stringContaining('NOREPLICAS'),
      });
    }
    await admin.config('SET', 'min-replicas-to-write', '0');
    await expect(store.append('a', text('after'))).resolves.toMatchObject({ data: 'after' });
  },
);
