import { describe, expect, it, onTestFinished } from 'vitest';
import { APPEND, LOCATE, READ } from '../../../plugins/events/stores/redis/scripts.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { openAdmin } from '../../support/redis-store.ts';

const KEY = '{dev-serve}:log';

interface Append {
  readonly number: number;
  readonly lowest: number;
  readonly writer?: string;
  readonly volatile?: boolean;
}

async function openLog() {
  const admin = openAdmin(await RedisServer.start(onTestFinished));
  return {
    admin,
    append: ({ number, lowest, writer = 'w', volatile = false }: Append) => {
      const who = ['e', '', 0, writer, number, lowest];
      const what = ['a', 'data: x\n', volatile ? '1' : '0', 10, 10, 3_600_000];
      return admin.eval(APPEND.source, 1, KEY, ...who, ...what);
    },
    locate: () => admin.eval(LOCATE.source, 1, KEY, 'e', '', 0),
  };
}

describe.skipIf(!hasRedis)('the script that appends', () => {
  it('does nothing for a command that was sent again, and answers as it did', async () => {
    const { append, locate } = await openLog();
    for (const volatile of [false, true]) {
      const number = volatile ? 2 : 1;
      const first = await append({ number, lowest: 1, volatile });
      const end = await locate();
      expect(await append({ number, lowest: 1, volatile })).toBe(first);
      expect(await locate()).toEqual(end);
    }
    expect(await locate()).toEqual(['e', '1', '1']);
  });

  it('takes commands in any order, each once', async () => {
    const { append, locate } = await openLog();
    for (const number of [3, 1, 2, 3, 1]) await append({ number, lowest: 1 });
    expect(await locate()).toEqual(['e', '3', '0']);
  });

  it('refuses what its writer has given up', async () => {
    const { append, locate } = await openLog();
    await append({ number: 5, lowest: 5 });
    expect(await append({ number: 4, lowest: 4 })).toBe('');
    expect(await locate()).toEqual(['e', '1', '0']);
  });

  it('tells writers apart', async () => {
    const { append } = await openLog();
    expect(await append({ number: 1, lowest: 1, writer: 'one' })).toBe('e-1 1-0');
    expect(await append({ number: 1, lowest: 1, writer: 'other' })).toBe('e-2 2-0');
  });

  it('counts beyond 10^14 without an exponent', async () => {
    const { admin, append, locate } = await openLog();
    await append({ number: 1, lowest: 1 });
    await admin.hset(KEY, 'seq', '900719925474099');
    expect(await append({ number: 2, lowest: 2 })).toBe('e-900719925474100 900719925474100-0');
    expect(await append({ number: 3, lowest: 3, volatile: true })).toBe(
      'e-900719925474100 900719925474100-1',
    );
    expect(await locate()).toEqual(['e', '900719925474100', '1']);
    const page = await admin.eval(READ.source, 1, KEY, 'a', 'e', '900719925474100-0', 10);
    expect(page).toMatchObject(['e', '900719925474100', '900719925474100', '0', [{ length: 2 }]]);
  });
});
