import assert from 'node:assert/strict';
import { beginning, follow, plain, readAll, type StoreCase, seqs, text } from './context.ts';

const VOLATILE = { volatile: true };

export const volatileCases: readonly StoreCase[] = [
  {
    name: 'a volatile event is reported to every follower and not kept',
    async run(context) {
      const store = await context.open();
      const followers = [await follow(store), await follow(store)];
      const event = { event: 'typing', data: 'ann\nbob' };
      const appended = await store.append('a', event, VOLATILE);
      for (const { entries, tail } of followers) {
        assert.deepEqual(entries.map(plain), [plain(appended)]);
        assert.deepEqual(await readAll(store, 'a', beginning(tail)), []);
      }
      const { channel, volatile, event: type, data } = appended;
      assert.deepEqual([channel, volatile, type, data], ['a', true, 'typing', 'ann\nbob']);
    },
  },
  {
    name: 'a volatile event has the number and the id of the newest kept entry of all channels',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      const first = await store.append('a', text(0), VOLATILE);
      assert.deepEqual([first.seq, first.id], [0, `${tail.epoch}-0`]);
      const kept = await store.append('b', text(1));
      const second = await store.append('a', text(2), VOLATILE);
      assert.deepEqual([second.seq, second.id], [kept.seq, kept.id]);
    },
  },
  {
    name: 'a volatile event takes no number, and is reported in its turn',
    async run(context) {
      const store = await context.open();
      const { entries } = await follow(store);
      const isVolatile = [true, false, true, true, false, false, true, false];
      const appends = isVolatile.map((volatile, n) => store.append('a', text(n), { volatile }));
      const appended = await Promise.all(appends);
      assert.deepEqual(seqs(appended), [0, 1, 1, 1, 2, 3, 3, 4]);
      assert.deepEqual(entries.map(plain), appended.map(plain));
    },
  },
  {
    name: 'an event that says it is not volatile is kept',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await store.append('a', text(1), { volatile: false });
      await store.append('a', text(2), {});
      assert.deepEqual(seqs(await readAll(store, 'a', beginning(tail))), [1, 2]);
    },
  },
  {
    name: 'who follows after a volatile event is not told of it',
    async run(context) {
      const store = await context.open();
      await store.append('a', text(1));
      await store.append('a', text(2), VOLATILE);
      const { entries, tail } = await follow(store);
      assert.equal(tail.head, 1);
      await store.append('a', text(3));
      assert.deepEqual(
        entries.map(({ data }) => data),
        ['3'],
      );
    },
  },
];
