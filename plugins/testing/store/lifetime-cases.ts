import assert from 'node:assert/strict';
import { appendMany, follow, range, type StoreCase, seqs, text } from './context.ts';

export const lifetimeCases: readonly StoreCase[] = [
  {
    name: 'a closed store refuses appends with an error, kept and volatile alike',
    async run(context) {
      const store = await context.open();
      await store.append('a', text(1));
      await store.close();
      await assert.rejects(async () => store.append('a', text(2)), Error);
      await assert.rejects(async () => store.append('a', text(2), { volatile: true }), Error);
    },
  },
  {
    name: 'a store may be closed more than once',
    async run(context) {
      const store = await context.open();
      await store.append('a', text(1));
      await Promise.all([store.close(), store.close()]);
      await store.close();
    },
  },
  {
    name: 'a store that was never used can be closed',
    async run(context) {
      await (await context.open()).close();
    },
  },
  {
    name: 'closing leaves no append unanswered, and followers know of those that succeeded',
    async run(context) {
      const store = await context.open();
      const { entries } = await follow(store);
      await store.append('a', text(0));
      const appends = Promise.allSettled(range(1, 50).map((n) => store.append('a', text(n))));
      await store.close();
      const settled = await appends;
      const succeeded = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      assert.deepEqual(seqs(succeeded), range(2, succeeded.length + 1));
      assert.deepEqual(seqs(entries).slice(0, succeeded.length + 1), [1, ...seqs(succeeded)]);
    },
  },
  {
    name: 'closing one store leaves another open',
    async run(context) {
      const [one, other] = [await context.open(), await context.open()];
      await Promise.all([one.append('a', text(1)), other.append('a', text(1))]);
      await one.close();
      assert.deepEqual(seqs(await appendMany(other, 'a', 3)), [2, 3, 4]);
    },
  },
];
