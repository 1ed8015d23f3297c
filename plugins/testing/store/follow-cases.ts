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

export const followCases: readonly StoreCase[] = [
  {
    name: 'every follower is told of every entry of every channel, in the order of numbers',
    async run(context) {
      const store = await context.open();
      const followers = [await follow(store), await follow(store), await follow(store)];
      await Promise.all(range(0, 299).map((n) => store.append(`channel-${n % 5}`, text(n))));
      for (const { entries } of followers) {
        await until(() => entries.length >= 300, '300 reports');
        assert.deepEqual(seqs(entries), range(1, 300));
        assert.deepEqual(
          entries.map(({ channel, data }) => `${channel} ${data}`),
          range(0, 299).map((n) => `channel-${n % 5} ${n}`),
        );
      }
    },
  },
  {
    name: 'an entry has been reported when its append resolves',
    async run(context) {
      const store = await context.open();
      const { entries } = await follow(store);
      for (let n = 1; n <= 5; n += 1) {
        await store.append('a', text(n));
        assert.deepEqual(seqs(entries), range(1, n));
      }
    },
  },
  {
    name: 'an entry is the same from append, in a report and in a page',
    async run(context) {
      const store = await context.open();
      const { entries, tail } = await follow(store);
      const appended = [
        await store.append('a', { event: 'tick', data: '{"n":1}' }),
        await store.append('a', { event: 'message', data: 'two\nlines' }),
      ];
      const expected = appended.map(plain);
      assert.deepEqual(entries.map(plain), expected);
      assert.deepEqual((await readAll(store, 'a', beginning(tail))).map(plain), expected);
      assert.deepEqual(
        expected.map(({ channel, event, data, volatile }) => ({ channel, event, data, volatile })),
        [
          { channel: 'a', event: 'tick', data: '{"n":1}', volatile: false },
          { channel: 'a', event: 'message', data: 'two\nlines', volatile: false },
        ],
      );
    },
  },
  {
    name: 'the tail of an empty log has the head 0',
    async run(context) {
      const { tail } = await follow(await context.open());
      assert.equal(tail.head, 0);
    },
  },
  {
    name: 'the tail has the number of the newest entry of all channels',
    async run(context) {
      const store = await context.open();
      await appendMany(store, 'a', 3);
      await appendMany(store, 'b', 4);
      const { entries, tail } = await follow(store);
      assert.equal(tail.head, 7);
      await store.append('a', text('next'));
      await until(() => entries.length > 0, 'a report');
      assert.deepEqual(seqs(entries), [8]);
    },
  },
  {
    name: 'who begins to follow amid appends misses nothing after the head and gets nothing twice',
    async run(context) {
      const store = await context.open();
      const writing = (async () => {
        for (let n = 0; n < 60; n += 1) await appendMany(store, 'a', 5);
      })();
      const followers = [];
      for (let n = 0; n < 12; n += 1) {
        followers.push(await follow(store));
        await store.append('b', text(n));
      }
      await writing;
      for (const { entries, tail } of followers) {
        await until(() => entries.at(-1)?.seq === 312, 'the last report');
        assert.deepEqual(seqs(entries), range(tail.head + 1, 312));
      }
    },
  },
  {
    name: 'who stops is told nothing more, and others go on',
    async run(context) {
      const store = await context.open();
      const [stopped, other] = [await follow(store), await follow(store)];
      await store.append('a', text(1));
      await until(() => stopped.entries.length === 1, 'a report');
      stopped.tail.stop();
      stopped.tail.stop();
      await appendMany(store, 'a', 10);
      await until(() => other.entries.length === 11, '11 reports');
      assert.deepEqual(seqs(stopped.entries), [1]);
      assert.deepEqual(seqs(other.entries), range(1, 11));
    },
  },
  {
    name: 'followers agree on the order when one of them appends on a report',
    async run(context) {
      const store = await context.open();
      const answers: Promise<unknown>[] = [];
      await store.follow(({ channel }) => {
        if (channel === 'question') answers.push(store.append('answer', text('x')));
      });
      const { entries } = await follow(store);
      await appendMany(store, 'question', 3);
      await Promise.all(answers);
      await until(() => entries.length >= 6, '6 reports');
      assert.deepEqual(seqs(entries), range(1, 6));
    },
  },
];
