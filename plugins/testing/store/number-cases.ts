import assert from 'node:assert/strict';
import { appendMany, follow, range, type StoreCase, seqs, text } from './context.ts';

export const numberCases: readonly StoreCase[] = [
  {
    name: 'numbers begin at 1 and go on without a hole over all channels',
    async run(context) {
      const store = await context.open();
      const channels = ['a', 'b', 'a', 'c', 'b', 'a'];
      const numbers: number[] = [];
      for (const channel of channels) numbers.push((await store.append(channel, text('x'))).seq);
      assert.deepEqual(numbers, range(1, channels.length));
    },
  },
  {
    name: 'appends made at once are numbered in the order of the calls',
    async run(context) {
      const store = await context.open();
      const appends = range(0, 499).map((n) => store.append(`channel-${n % 7}`, text(n)));
      assert.deepEqual(seqs(await Promise.all(appends)), range(1, 500));
    },
  },
  {
    name: 'numbers stay contiguous when several writers append at their own pace',
    async run(context) {
      const store = await context.open();
      const writer = async (name: string) => {
        const own: number[] = [];
        for (let n = 0; n < 40; n += 1) own.push((await store.append(name, text(n))).seq);
        return own;
      };
      const numbers = (await Promise.all(['a', 'b', 'c', 'd', 'e'].map(writer))).flat();
      assert.deepEqual(
        numbers.sort((a, b) => a - b),
        range(1, 200),
      );
    },
  },
  {
    name: 'an id is the epoch, a hyphen and the number',
    async run(context) {
      const store = await context.open();
      const { tail } = await follow(store);
      assert.match(tail.epoch, /^[0-9a-z]{1,32}$/);
      for (const entry of await appendMany(store, 'a', 12)) {
        assert.equal(entry.id, `${tail.epoch}-${entry.seq}`);
      }
    },
  },
  {
    name: 'two logs have two epochs',
    async run(context) {
      const [one, other] = [await context.open(), await context.open()];
      assert.notEqual((await follow(one)).tail.epoch, (await follow(other)).tail.epoch);
    },
  },
];
