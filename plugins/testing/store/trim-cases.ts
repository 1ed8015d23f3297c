import assert from 'node:assert/strict';
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

const LIMIT = 10;
const MANY = 400;

export const trimCases: readonly StoreCase[] = [
  {
    name: 'a channel keeps its newest entries, up to the limit at least, and not all',
    async run(context) {
      const store = await context.open({ limit: LIMIT });
      const { tail } = await follow(store);
      await appendMany(store, 'a', MANY);
      const kept = seqs(await readAll(store, 'a', beginning(tail)));
      assert(kept.length >= LIMIT, `kept ${kept.length} of the newest ${LIMIT}`);
      assert(kept.length < MANY, 'nothing was trimmed');
      assert.deepEqual(kept, range(MANY - kept.length + 1, MANY));
    },
  },
  {
    name: 'up to the limit nothing is trimmed',
    async run(context) {
      const store = await context.open({ limit: LIMIT });
      const { tail } = await follow(store);
      await appendMany(store, 'a', LIMIT);
      const page = await store.read('a', beginning(tail), LIMIT + 1);
      assert.deepEqual(seqs(page.entries), range(1, LIMIT));
      assert.equal(page.gap, false);
    },
  },
  {
    name: 'gap says for every position whether an entry of the channel after it was trimmed',
    async run(context) {
      const store = await context.open({ limit: LIMIT });
      const { tail } = await follow(store);
      // Every third number is of another channel, so that holes in the numbers are no gaps.
      await Promise.all(range(1, MANY).map((n) => store.append(n % 3 === 0 ? 'b' : 'a', text(n))));
      const all = range(1, MANY).filter((n) => n % 3 !== 0);
      const kept = seqs(await readAll(store, 'a', beginning(tail)));
      const newestTrimmed = all.filter((seq) => !kept.includes(seq)).at(-1) ?? 0;
      assert(newestTrimmed > 0, 'nothing was trimmed');
      for (const seq of range(0, MANY)) {
        const page = await store.read('a', { epoch: tail.epoch, seq }, 2);
        assert.equal(page.gap, seq < newestTrimmed, `gap after ${seq}`);
        const expected = kept.filter((number) => number > seq).slice(0, 2);
        assert.deepEqual(seqs(page.entries), expected, `entries after ${seq}`);
      }
    },
  },
  {
    name: 'trimming one channel takes nothing from another',
    async run(context) {
      const store = await context.open({ limit: LIMIT });
      const { tail } = await follow(store);
      await appendMany(store, 'quiet', 3);
      await appendMany(store, 'busy', MANY);
      const page = await store.read('quiet', beginning(tail), 10);
      assert.deepEqual(seqs(page.entries), [1, 2, 3]);
      assert.equal(page.gap, false);
    },
  },
  {
    name: 'a reader that is overtaken by trimming is told of the gap',
    async run(context) {
      const store = await context.open({ limit: LIMIT });
      const { tail } = await follow(store);
      await appendMany(store, 'a', LIMIT);
      const first = await store.read('a', beginning(tail), 2);
      assert.deepEqual(seqs(first.entries), [1, 2]);
      await appendMany(store, 'a', MANY);
      const second = await store.read('a', { epoch: tail.epoch, seq: 2 }, 2);
      assert.equal(second.gap, true);
      assert.notDeepEqual(seqs(second.entries), [3, 4]);
    },
  },
];
