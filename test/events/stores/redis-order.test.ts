import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Entry } from '../../../plugins/events/message.ts';
import { packages } from '../../support/redis-clients.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { openAdmin, openStore, record, text } from '../../support/redis-store.ts';

const APPENDS = 1000;

describe.skipIf(!hasRedis).each(packages)('a Redis store on a client of %s', (name) => {
  it('numbers appends in the order of the calls, also while scripts are forgotten', async () => {
    const server = await RedisServer.start(onTestFinished);
    const admin = openAdmin(server);
    const store = await openStore(name, server);
    const reported = await record(store);
    const appends: Promise<Entry>[] = [];
    for (let n = 1; n <= APPENDS; n += 1) {
      appends.push(store.append('a', text(n)));
      if (n % 100 === 0) void admin.script('FLUSH');
      // Calls of many turns are under way at once.
      if (n % 3 === 0) await turn();
    }
    const entries = await Promise.all(appends);
    expect(entries.filter(({ seq, data }) => String(seq) !== data)).toEqual([]);
    await expect.poll(() => reported.length).toBe(APPENDS);
  });
});
