import assert from 'node:assert/strict';
import {
  appendMany,
  beginning,
  follow,
  plain,
  range,
  readAll,
  type StoreCase,
  seqs,
  text,
  until,
} from './context.ts';

export const nodeCases: readonly StoreCase[] = [
  {
    name: 'two nodes see one log: the same epoch, the same head',
    async run(context) {
      const one = await context.open();
      await appendMany(one, 'a', 5);
      const other = await context.join(one);
      const [first, second] = [await follow(one), await follow(other)];
      assert.deepEqual([second.tail.epoch, second.tail.head], [first.tail.epoch, first.tail.head]);
      assert.deepEqual(
        (await readAll(other, 'a', beginning(second.tail))).map(plain),
        (await readAll(one, 'a', beginning(first.tail))).map(plain),
      );
    },
  },
  {
    name: 'what one node appends is reported on the other',
    async run(context) {
      const one = await context.open();
      const other = await context.join(one);
      const { entries } = await follow(other);
      const appended = await appendMany(one, 'a', 20);
      await until(() => entries.length >= 20, '20 reports');
      assert.deepEqual(entries.map(plain), appended.map(plain));
    },
  },
  {
    name: 'two nodes that append at once give out contiguous numbers and report one order',
    async run(context) {
      const one = await context.open();
      const other = await context.join(one);
      const [first, second] = [await follow(one), await follow(other)];
      const writer = async (store: typeof one, name: string) => {
        for (let n = 0; n < 30; n += 1) await appendMany(store, `${name}-${n % 3}`, 3);
      };
      await Promise.all([writer(one, 'one'), writer(other, 'other')]);
      for (const { entries } of [first, second]) {
        await until(() => entries.length >= 180, '180 reports');
        assert.deepEqual(seqs(entries), range(1, 180));
      }
      assert.deepEqual(first.entries.map(plain), second.entries.map(plain));
    },
  },
  {
    name: 'who begins to follow on one node amid appends of the other misses nothing',
    async run(context) {
      const one = await context.open();
      const other = await context.join(one);
      const writing = (async () => {
        for (let n = 0; n < 40; n += 1) await appendMany(one, 'a', 5);
      })();
      const followers = [];
      for (let n = 0; n < 8; n += 1) {
        followers.push(await follow(other));
        await other.append('b', text(n));
      }
      await writing;
      for (const { entries, tail } of followers) {
        await until(() => entries.at(-1)?.seq === 208, 'the last report');
        assert.deepEqual(seqs(entries), range(tail.head + 1, 208));
      }
    },
  },
  {
    name: 'a volatile event of one node is reported on the other',
    async run(context) {
      const one = await context.open();
      const other = await context.join(one);
      const { entries } = await follow(other);
      await one.append('a', text(1));
      const appended = await one.append('a', text(2), { volatile: true });
      await until(() => entries.length >= 2, '2 reports');
      assert.deepEqual(entries[1] && plain(entries[1]), plain(appended));
    },
  },
  {
    name: 'a node goes on when the other is closed',
    async run(context) {
      const one = await context.open();
      const other = await context.join(one);
      await one.append('a', text(1));
      await one.close();
      const { entries } = await follow(other);
      const appended = await appendMany(other, 'a', 3);
      assert.deepEqual(seqs(appended), [2, 3, 4]);
      await until(() => entries.length >= 3, '3 reports');
      assert.deepEqual(seqs(entries), [2, 3, 4]);
    },
  },
];
