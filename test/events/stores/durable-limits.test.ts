import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DurableStoreOptions, durableStore } from '../../../plugins/events/stores/durable.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

async function open(options: DurableStoreOptions) {
  const store = await durableStore(options);
  const { epoch } = await store.follow(() => undefined);
  return {
    store,
    append: (channel: string, data = 'x') => store.append(channel, { event: 'message', data }),
    async read(channel: string, seq = 0) {
      const { entries, gap } = await store.read(channel, { epoch, seq }, 10_000);
      return { seqs: entries.map((entry) => entry.seq), gap };
    },
  };
}

describe('the durable store', () => {
  it('keeps so many bytes per channel, and its newest entry however large it is', async () => {
    const { store, append, read } = await open({ path: temporaryDirectory(), maxBytes: 1000 });
    for (let n = 1; n <= 20; n += 1) await append('a', 'x'.repeat(200));
    const { seqs } = await read('a');
    expect(seqs).toEqual([17, 18, 19, 20]);
    await append('b');
    await append('a', 'x'.repeat(50_000));
    expect(await read('a', 20)).toEqual({ seqs: [22], gap: false });
    expect(await read('a', 19)).toEqual({ seqs: [22], gap: true });
    expect(await read('b')).toEqual({ seqs: [21], gap: false });
    await store.close();
  });

  it('trims what was appended in the same turn', async () => {
    const { store, append, read } = await open({ path: temporaryDirectory(), limit: 3 });
    await Promise.all(Array.from({ length: 100 }, () => append('a')));
    expect(await read('a')).toEqual({ seqs: [98, 99, 100], gap: true });
    expect(await read('a', 97)).toEqual({ seqs: [98, 99, 100], gap: false });
    await store.close();
  });

  it('forgets by age, also what a run before has left, and still knows it after the next', async () => {
    const path = temporaryDirectory();
    const first = await open({ path, maxAge: 3_600_000 });
    for (let n = 0; n < 5; n += 1) await first.append('a');
    await first.append('b');
    await first.store.close();

    const second = await open({ path, maxAge: 50 });
    await expect.poll(() => second.read('a')).toEqual({ seqs: [], gap: true });
    await expect.poll(() => second.read('b', 5)).toEqual({ seqs: [], gap: true });
    await second.store.close();

    const third = await open({ path });
    expect(await third.read('a', 4)).toEqual({ seqs: [], gap: true });
    expect(await third.read('b', 5)).toEqual({ seqs: [], gap: true });
    expect(await third.read('b', 6)).toEqual({ seqs: [], gap: false });
    expect((await third.append('a')).seq).toBe(7);
    expect(await third.read('a', 5)).toEqual({ seqs: [7], gap: true });
    expect(await third.read('a', 6)).toEqual({ seqs: [7], gap: false });
    await third.store.close();
  });

  it('forgets more than one transaction removes', async () => {
    const path = temporaryDirectory();
    const first = await open({ path, limit: 10_000 });
    await Promise.all(Array.from({ length: 9000 }, (_, n) => first.append(`channel-${n % 2}`)));
    await first.store.close();
    const second = await open({ path, maxAge: 1 });
    await expect.poll(() => second.read('channel-0')).toEqual({ seqs: [], gap: true });
    await expect.poll(() => second.read('channel-1')).toEqual({ seqs: [], gap: true });
    expect(await second.read('channel-1', 9000)).toEqual({ seqs: [], gap: false });
    await second.store.close();
  });

  it('keeps a new limit to what is there already', async () => {
    const path = temporaryDirectory();
    const first = await open({ path });
    for (let n = 0; n < 50; n += 1) await first.append('a');
    await first.store.close();
    const second = await open({ path, limit: 5 });
    await second.append('a');
    expect((await second.read('a')).seqs).toEqual([47, 48, 49, 50, 51]);
    await second.store.close();
  });

  it('does not let its file grow with what is appended', async () => {
    const path = temporaryDirectory();
    const { store, append } = await open({ path, limit: 100 });
    for (let n = 0; n < 200; n += 1) {
      await Promise.all(
        Array.from({ length: 100 }, () => append(`channel-${n % 5}`, 'x'.repeat(1000))),
      );
    }
    expect(statSync(join(path, 'data.mdb')).size).toBeLessThan(8 * 2 ** 20);
    await store.close();
  });
});
