import assert from 'node:assert/strict';
import { encodeEvent, encodeFrame } from '../../events/encode.ts';
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
} from './context.ts';

export const restartCases: readonly StoreCase[] = [
  {
    name: 'after a restart the log has the epoch, the head and the entries it had',
    async run(context) {
      const store = await context.open();
      const before = await follow(store);
      await Promise.all(range(1, 50).map((n) => store.append(`channel-${n % 4}`, text(n))));
      const restarted = await context.restart(store);
      const { tail } = await follow(restarted);
      assert.equal(tail.epoch, before.tail.epoch);
      assert.equal(tail.head, 50);
      const kept = await Promise.all(
        range(0, 3).map((n) => readAll(restarted, `channel-${n}`, beginning(tail))),
      );
      const inOrder = kept.flat().sort((a, b) => a.seq - b.seq);
      assert.deepEqual(inOrder.map(plain), before.entries.map(plain));
      for (const entry of inOrder) {
        assert.equal(encodeFrame(entry).toString(), encodeEvent(plain(entry)));
      }
    },
  },
  {
    name: 'a reader resumes right after a restart, before anything is appended',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      await appendMany(store, 'a', 10);
      const restarted = await context.restart(store);
      const page = await restarted.read('a', { epoch: tail.epoch, seq: 4 }, 100);
      assert.deepEqual(seqs(page.entries), range(5, 10));
      assert.equal(page.gap, false);
    },
  },
  {
    name: 'after a restart numbers go on',
    async run(context) {
      let store = await context.open();
      for (const round of range(0, 4)) {
        const { entries, tail } = await follow(store);
        assert.equal(tail.head, round * 3);
        const appended = await appendMany(store, `channel-${round}`, 3);
        assert.deepEqual(seqs(appended), range(round * 3 + 1, round * 3 + 3));
        assert.deepEqual(seqs(entries), seqs(appended));
        store = await context.restart(store);
      }
    },
  },
  {
    name: 'an empty log keeps its epoch over a restart',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      const restarted = await follow(await context.restart(store));
      assert.deepEqual([restarted.tail.epoch, restarted.tail.head], [tail.epoch, 0]);
    },
  },
  {
    name: 'what was trimmed before a restart is a gap after it, and nothing else is',
    async run(context) {
      const store = await context.open({ limit: 10 });
      const { tail } = await follow(store);
      await Promise.all(range(1, 400).map((n) => store.append(n % 3 === 0 ? 'b' : 'a', text(n))));
      const pages = (from: typeof store) =>
        Promise.all(range(0, 400).map((seq) => from.read('a', { epoch: tail.epoch, seq }, 2)));
      const before = await pages(store);
      const after = await pages(await context.restart(store));
      assert(before[0]?.gap, 'nothing was trimmed');
      for (const [seq, page] of after.entries()) {
        assert.equal(page.gap, before[seq]?.gap, `gap after ${seq}`);
        assert.deepEqual(seqs(page.entries), seqs(before[seq]?.entries ?? []));
      }
    },
  },
  {
    name: 'volatile events leave no trace over a restart',
    async run(context) {
      const store = await context.open();
      await store.append('a', text(1));
      await store.append('a', text(2), { volatile: true });
      const restarted = await context.restart(store);
      const { tail } = await follow(restarted);
      assert.equal(tail.head, 1);
      assert.deepEqual(seqs(await readAll(restarted, 'a', beginning(tail))), [1]);
    },
  },
];
