import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  appendMany,
  beginning,
  follow,
  range,
  readAll,
  type StoreCase,
  seqs,
  text,
} from './context.ts';

export const pageCases: readonly StoreCase[] = [
  {
    name: 'a page holds the oldest entries after a position, in order, at most as many as asked for',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await appendMany(store, 'a', 20);
      for (const [seq, limit, expected] of [
        [0, 5, range(1, 5)],
        [5, 5, range(6, 10)],
        [18, 5, [19, 20]],
        [19, 1, [20]],
        [0, 100, range(1, 20)],
      ] as const) {
        const page = await store.read('a', { epoch: tail.epoch, seq }, limit);
        assert.deepEqual(seqs(page.entries), expected);
        assert.equal(page.gap, false);
      }
    },
  },
  {
    name: 'pages of any size make up the whole channel',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await Promise.all(range(1, 90).map((n) => store.append(n % 3 === 0 ? 'a' : 'b', text(n))));
      const expected = range(1, 90).filter((n) => n % 3 === 0);
      for (const limit of [1, 2, 7, 29, 30, 31, 1000]) {
        assert.deepEqual(seqs(await readAll(store, 'a', beginning(tail), limit)), expected);
      }
    },
  },
  {
    name: 'a page from the newest entry on is empty and has no gap',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      const [entry] = (await appendMany(store, 'a', 3)).slice(-1);
      const page = await store.read('a', { epoch: tail.epoch, seq: entry?.seq ?? 0 }, 10);
      assert.deepEqual(page, { entries: [], gap: false });
    },
  },
  {
    name: 'a channel nobody has appended to is empty and has no gap',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      assert.deepEqual(await store.read('a', beginning(tail), 10), { entries: [], gap: false });
      await appendMany(store, 'b', 3);
      assert.deepEqual(await store.read('a', beginning(tail), 10), { entries: [], gap: false });
    },
  },
  {
    name: 'the number of an entry of one channel is a place in every other',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      for (const channel of ['a', 'b', 'b', 'a', 'b', 'a']) await store.append(channel, text('x'));
      const after = async (channel: string, seq: number) => {
        const page = await store.read(channel, { epoch: tail.epoch, seq }, 10);
        assert.equal(page.gap, false);
        return seqs(page.entries);
      };
      assert.deepEqual(await after('a', 2), [4, 6]);
      assert.deepEqual(await after('b', 1), [2, 3, 5]);
      assert.deepEqual(await after('b', 4), [5]);
      assert.deepEqual(await after('b', 6), []);
    },
  },
  {
    name: 'a position of another epoch is a gap',
    async run(context) {
      const store = await context.open();
      await appendMany(store, 'a', 3);
      for (const epoch of ['0', 'zzzzzzzz', 'z'.repeat(32)]) {
        for (const seq of [0, 2, 3, 1000]) {
          assert.equal((await store.read('a', { epoch, seq }, 10)).gap, true);
        }
      }
    },
  },
  {
    name: 'a position in the future is a gap with nothing after it',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await appendMany(store, 'a', 3);
      for (const seq of [4, 1000, 2 ** 32, 2 ** 48 + 1, Number.MAX_SAFE_INTEGER]) {
        const page = await store.read('a', { epoch: tail.epoch, seq }, 10);
        assert.deepEqual(page, { entries: [], gap: true });
      }
    },
  },
  {
    name: 'an entry is in a page that is asked for after its append has resolved',
    async run(context) {
      const store = await context.open();
      for (let n = 1; n <= 30; n += 1) {
        const { id, seq } = await store.append('a', text(n));
        const epoch = id.slice(0, id.lastIndexOf('-'));
        const page = await store.read('a', { epoch, seq: seq - 1 }, 10);
        assert.deepEqual(seqs(page.entries), [n]);
      }
    },
  },
  {
    name: 'a reader amid appends gets every entry once, in order',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      let writing = true;
      const writer = (async () => {
        for (let n = 0; n < 40; n += 1) {
          await Promise.all([appendMany(store, 'a', 5), store.append('b', text(n))]);
        }
        writing = false;
      })();
      const read: number[] = [];
      while (writing || read.length < 200) {
        const from = { epoch: tail.epoch, seq: read.at(-1) ?? 0 };
        const page = await store.read('a', from, 7);
        assert.equal(page.gap, false);
        assert(page.entries.every(({ channel }) => channel === 'a'));
        read.push(...seqs(page.entries));
        // A store may answer at once: the writer wants its turn.
        await nextTurn();
      }
      await writer;
      assert.deepEqual(read, seqs(await readAll(store, 'a', beginning(tail))));
      assert.equal(new Set(read).size, 200);
    },
  },
  {
    name: 'many pages may be asked for at once',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await appendMany(store, 'a', 200);
      const pages = range(0, 199).map((seq) => store.read('a', { epoch: tail.epoch, seq }, 3));
      for (const [seq, { entries, gap }] of (await Promise.all(pages)).entries()) {
        assert.deepEqual(seqs(entries), range(seq + 1, Math.min(seq + 3, 200)));
        assert.equal(gap, false);
      }
    },
  },
];
