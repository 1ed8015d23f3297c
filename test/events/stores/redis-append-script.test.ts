import { describe, expect, it, onTestFinished } from 'vitest';
import { APPEND, LOCATE, READ } from '../../../plugins/events/stores/redis/scripts.ts';
import { hasRedis, RedisServer } from '../../support/redis-server.ts';
import { openAdmin } from '../../support/redis-store.ts';

const KEY = '{dev-serve}:log';
const TAIL = '{dev-serve}:tail';

/** Epoch, number and mark. */
type Seen = readonly [string, number, string];
const NOTHING: Seen = ['', 0, ''];

interface Append {
  readonly number: number;
  readonly lowest: number;
  readonly writer?: string;
  readonly volatile?: boolean;
  readonly seen?: Seen;
}

async function openLog() {
  const admin = openAdmin(await RedisServer.start(onTestFinished));
  return {
    admin,
    append: async ({ number, lowest, writer = 'w', volatile = false, seen = NOTHING }: Append) => {
      const epoch = (await admin.exists(KEY)) ? 'new' : 'e';
      const who = [epoch, ...seen, writer, number, lowest];
      const what = ['a', 'data: x\n', volatile ? '1' : '0', 10, 10, 3_600_000];
      return admin.eval(APPEND.source, 1, KEY, ...who, ...what);
    },
    locate: async (history = '', ...seen: (string | number)[]) => {
      const epoch = (await admin.exists(KEY)) ? 'new' : 'e';
      const end = await admin.eval(LOCATE.source, 1, KEY, epoch, history, ...seen);
      return [end].flat().slice(0, 3);
    },
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
    expect(await append({ number: 1, lowest: 1, writer: 'one' })).toMatch(/^e-1 1-0 [0-9a-f]{12}$/);
    expect(await append({ number: 1, lowest: 1, writer: 'other' })).toMatch(
      /^e-2 2-0 [0-9a-f]{12}$/,
    );
  });

  it('begins a new log for a caller that has seen what is not in this one', async () => {
    const { admin, append, locate } = await openLog();
    const marks = ['', ''];
    for (let number = 1; number <= 3; number++) {
      marks.push(String(await append({ number, lowest: 1 })).split(' ')[2] ?? '');
    }
    await append({ number: 4, lowest: 1, volatile: true });
    const [, , first = '', , last = ''] = marks;
    const mark = 'a'.repeat(12);
    const known: Seen[] = [
      ['e', 0, ''],
      ['e', 0, mark],
      ['e', 1, first],
      ['e', 3, last],
      ['e', 3, ''],
      ['f', 3, mark],
      ['f', 9, mark],
    ];
    for (const seen of known) expect(await locate('', ...seen)).toEqual(['e', '3', '1']);
    expect(await locate('', ...known.flat())).toEqual(['e', '3', '1']);
    const dump = await admin.dumpBuffer(KEY);
    const tail = await admin.dumpBuffer(TAIL);
    const restore = async () => {
      await admin.restore(KEY, 0, dump, 'REPLACE');
      await admin.restore(TAIL, 0, tail, 'REPLACE');
    };
    const lost: Seen[] = [
      ['e', 4, ''],
      ['e', 1, mark],
      ['e', 1, last],
      ['e', 3, mark],
    ];
    for (const seen of lost) {
      expect(await locate('', ...seen)).toEqual(['new', '0', '0']);
      await restore();
      expect(await locate('', ...(known[2] ?? []), ...seen)).toEqual(['new', '0', '0']);
      await restore();
      expect(await append({ number: 5, lowest: 5, seen })).toMatch(/^new-1 1-0 /);
      await restore();
      await admin.del(`${KEY.slice(0, -3)}writer:w`);
    }
  });

  it('goes by the history of Redis where the tail has lost the place of a caller', async () => {
    const { admin, append, locate } = await openLog();
    const mark = String(await append({ number: 1, lowest: 1 })).split(' ')[2] ?? '';
    await append({ number: 2, lowest: 2 });
    await admin.xtrim(TAIL, 'MAXLEN', 1);
    const seen: Seen = ['e', 1, mark];
    const replid = /master_replid:(\w+)/.exec(await admin.info('replication'))?.[1] ?? '';
    for (const history of ['', replid]) {
      expect(await locate(history, ...seen)).toEqual(['e', '2', '0']);
    }
    expect(await append({ number: 3, lowest: 3, seen })).toMatch(/^e-3 /);
    expect(await locate('0'.repeat(40), ...seen)).toEqual(['new', '0', '0']);
  });

  it('counts beyond 10^14 without an exponent', async () => {
    const { admin, append, locate } = await openLog();
    await append({ number: 1, lowest: 1 });
    await admin.hset(KEY, 'seq', '900719925474099');
    expect(await append({ number: 2, lowest: 2 })).toMatch(/^e-900719925474100 900719925474100-0 /);
    expect(await append({ number: 3, lowest: 3, volatile: true })).toMatch(
      /^e-900719925474100 900719925474100-1 /,
    );
    expect(await locate()).toEqual(['e', '900719925474100', '1']);
    const page = await admin.eval(
      READ.source,
      1,
      KEY,
      'e',
      ...NOTHING,
      'a',
      'e',
      '900719925474100-0',
      10,
    );
    expect(page).toMatchObject(['e', '900719925474100', '900719925474100', '0', [{ length: 2 }]]);
  });
});
